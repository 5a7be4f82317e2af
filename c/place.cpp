// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <bit>
#include <cstdint>

#include <triune/detail/track/kept_origin.hpp>

namespace triune::c {
namespace {

// What a std::source_location points at, in libstdc++ and libc++: see kept_place(), which looks whether it is so.
struct Place {
    const char* file;
    const char* function;
    std::uint_least32_t line;
    std::uint_least32_t column;
};
static_assert(sizeof(std::source_location) == sizeof(const Place*));

}  // namespace

std::source_location place_of(const triune_place* where) {
    if (where == nullptr || where->file == nullptr) return {};
    const Place place{where->file, where->function == nullptr ? "" : where->function, where->line, 0};
    return kept_place(std::bit_cast<std::source_location>(&place));
}

}  // namespace triune::c
