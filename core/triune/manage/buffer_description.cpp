// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_description.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <source_location>
#include <type_traits>

namespace triune {
namespace {

// Found by probing some places from the hash on, and never moved or taken out.
constexpr std::size_t places = 8192;
constexpr std::size_t most_probes = 16;
constinit std::array<std::atomic<const SharedDescription*>, places> kept{};

// By address: what one call gives always has the same, and of two equal texts one is taken for another place at worst.
static_assert(std::is_trivially_copyable_v<std::source_location> && sizeof(std::source_location) == sizeof(void*));
std::uintptr_t place_in_source(const BufferDescription& description) noexcept {
    return std::bit_cast<std::uintptr_t>(description.where);
}

inline bool same(const BufferDescription& a, const BufferDescription& b) noexcept {
    return place_in_source(a) == place_in_source(b) && a.type == b.type && a.config == b.config &&
           a.element_size == b.element_size && a.kind == b.kind && a.refusable == b.refusable;
}

std::size_t hash(const BufferDescription& description) noexcept {
    const std::uint64_t mixed = place_in_source(description) ^
                                reinterpret_cast<std::uintptr_t>(description.type) << 16 ^
                                description.config.max_size_bytes << 5 ^ description.config.min_size_bytes << 32;
    return (mixed * 0x9E3779B97F4A7C15) >> 51;  // the top 13 bits: a place
}

// For good at the first empty one of the places from `first` on, unless another thread is quicker with an equal one.
[[gnu::cold]] const SharedDescription& keep(const BufferDescription& description, std::size_t first) {
    std::unique_ptr<SharedDescription> made;
    for (std::size_t probe = 0; probe < most_probes; ++probe) {
        auto& place = kept[(first + probe) % places];
        const SharedDescription* there = place.load(std::memory_order_acquire);
        if (there == nullptr) {
            if (!made) made = std::make_unique<SharedDescription>(description, true);
            if (place.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel)) return *made.release();
        }
        if (same(*there, description)) return *there;
    }
    return *new SharedDescription(description, false);
}

}  // namespace

const SharedDescription& SharedDescription::of(const BufferDescription& description) {
    static_assert(places == std::size_t{1} << (64 - 51));
    const std::size_t first = hash(description);
    for (std::size_t probe = 0; probe < most_probes; ++probe) {
        const SharedDescription* const there = kept[(first + probe) % places].load(std::memory_order_acquire);
        if (there == nullptr) break;
        if (same(*there, description)) return *there;
    }
    return keep(description, first);
}

}  // namespace triune
