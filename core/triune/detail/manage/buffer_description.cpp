// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_description.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <triune/detail/track/kept_origin.hpp>

namespace triune {
namespace {

// Found by probing some places from the hash on, and never moved or taken out.
constexpr std::size_t places = 8192;
constexpr std::size_t max_probes = 16;
constinit std::array<std::atomic<const SharedDescription*>, places> kept{};

std::size_t hash(const BufferDescription& description) noexcept {
    const std::uint64_t mixed = reinterpret_cast<std::uintptr_t>(SharedDescription::key_of(description.where)) ^
                                reinterpret_cast<std::uintptr_t>(description.type) << 16 ^
                                description.config.max_size_bytes << 5 ^ description.config.min_size_bytes << 32;
    return (mixed * 0x9E3779B97F4A7C15) >> 51;  // the top 13 bits: a place
}

// For good at the first empty one of the places from `first` on, unless another thread is quicker with an equal one.
[[gnu::cold]] const SharedDescription& keep(const BufferDescription& description, std::size_t first) {
    std::unique_ptr<SharedDescription> made;
    for (std::size_t probe = 0; probe < max_probes; ++probe) {
        auto& place = kept[(first + probe) % places];
        const SharedDescription* there = place.load(std::memory_order_acquire);
        if (there == nullptr) {
            if (!made) made = std::make_unique<SharedDescription>(description, true);
            if (place.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel)) return *made.release();
        }
        if (there->is_of(description)) return *there;
    }
    return *new SharedDescription(description, false);
}

bool equal(const char* a, const char* b) noexcept { return std::string_view(a) == b; }

}  // namespace

SharedDescription::SharedDescription(const BufferDescription& description, bool for_good)
    : BufferDescription(description),
      place_key(key_of(description.where)),
      type_key(description.type),
      stays(stays_loaded(place_key) && stays_loaded(type_key)),
      type_is_local(type_key != nullptr && is_local_type(*type_key)),
      kept_for_good(for_good) {
    type = kept_type(description.type);
    where = kept_place(description.where);
}

bool SharedDescription::has_texts_of(const BufferDescription& description) const noexcept {
    return where.line() == description.where.line() && where.column() == description.where.column() &&
           equal(where.file_name(), description.where.file_name()) &&
           equal(where.function_name(), description.where.function_name()) &&
           (type == nullptr || equal(type->name(), description.type->name()));
}

const SharedDescription& SharedDescription::of(const BufferDescription& description) {
    static_assert(places == std::size_t{1} << (64 - 51));
    const std::size_t first = hash(description);
    for (std::size_t probe = 0; probe < max_probes; ++probe) {
        const SharedDescription* const there = kept[(first + probe) % places].load(std::memory_order_acquire);
        if (there == nullptr) break;
        if (there->is_of(description)) return *there;
    }
    return keep(description, first);
}

}  // namespace triune
