// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/byte_text.hpp>

#include <array>

#include <triune/base/units.hpp>

namespace triune {
namespace {

struct Unit {
    const char* name;
    std::size_t bytes;
};

constexpr std::array<Unit, 6> units{
    {{"KiB", KiB}, {"MiB", MiB}, {"GiB", GiB}, {"TiB", GiB << 10}, {"PiB", GiB << 20}, {"EiB", GiB << 30}}};

// Rounded. By whole numbers, so that no locale is asked; ten times what is below 1 EiB fits.
std::size_t tenths_of(std::size_t bytes, const Unit& unit) {
    return bytes / unit.bytes * 10 + (bytes % unit.bytes * 10 + unit.bytes / 2) / unit.bytes;
}

}  // namespace

std::string byte_text(std::size_t bytes) {
    if (bytes == 1) return "1 byte";
    const std::string exactly = std::to_string(bytes) + " bytes";
    if (bytes < KiB) return exactly;
    auto unit = units.begin();
    while (unit + 1 != units.end() && bytes >= (unit + 1)->bytes) ++unit;
    if (unit + 1 != units.end() && tenths_of(bytes, *unit) >= 10 * KiB) ++unit;  // 1.0 GiB, not 1024.0 MiB
    const std::size_t tenths = tenths_of(bytes, *unit);
    std::string text = std::to_string(tenths / 10);
    if (bytes % unit->bytes != 0) text += "." + std::to_string(tenths % 10);
    return text + " " + unit->name + " (" + exactly + ")";
}

}  // namespace triune
