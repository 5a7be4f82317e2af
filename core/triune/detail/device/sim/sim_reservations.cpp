// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_reservations.hpp>

#include <algorithm>
#include <iterator>

#include <triune/detail/device/sim/sim_pages.hpp>

namespace triune::sim {

namespace {

bool overlap(const char* a, std::size_t a_bytes, const char* b, std::size_t b_bytes) {
    return a < b + b_bytes && b < a + a_bytes;
}

}  // namespace

SimReservations::~SimReservations() {
    for (const auto& [address, reservation] : live_) release_pages(address, reservation.bytes);
    for (const Retired& retired : retired_) release_pages(retired.address, retired.bytes);
}

char* SimReservations::reserve(std::size_t bytes, std::size_t alignment) {
    char* address = reserve_pages(bytes, alignment);
    while (!address && !retired_.empty()) {
        forget_oldest();
        address = reserve_pages(bytes, alignment);
    }
    if (address) live_.emplace(address, Reservation{bytes, {}});
    return address;
}

const SimReservations::Reservation* SimReservations::find_start(char* address) const {
    const auto found = live_.find(address);
    return found == live_.end() ? nullptr : &found->second;
}

void SimReservations::release(char* address) {
    const auto found = live_.find(address);
    retired_.push_back({address, found->second.bytes});
    live_.erase(found);
    if (retired_.size() > retired_most_) forget_oldest();
}

void SimReservations::forget_oldest() noexcept {
    release_pages(retired_.front().address, retired_.front().bytes);
    retired_.pop_front();
}

// The reservation that the whole range lies in, or end().
SimReservations::Live::const_iterator SimReservations::holder(const char* address, std::size_t bytes) const {
    auto found = live_.upper_bound(const_cast<char*>(address));
    if (found == live_.begin()) return live_.end();
    --found;
    const auto offset = static_cast<std::size_t>(address - found->first);
    const std::size_t whole = found->second.bytes;
    return offset < whole && bytes <= whole - offset ? found : live_.end();
}

bool SimReservations::vacant(char* address, std::size_t bytes) const {
    const auto found = holder(address, bytes);
    if (found == live_.end()) return false;
    const Mappings& mappings = found->second.mappings;
    const auto behind = mappings.lower_bound(address);
    if (behind != mappings.end() && behind->first < address + bytes) return false;
    return behind == mappings.begin() || std::prev(behind)->first + std::prev(behind)->second.bytes <= address;
}

void SimReservations::add(char* address, std::size_t bytes, ChunkHandle chunk) {
    Reservation& reservation = live_.find(holder(address, bytes)->first)->second;
    reservation.mappings.emplace(address, Mapping{bytes, chunk, ++generations_, false});
}

bool SimReservations::whole_mappings(char* address, std::size_t bytes) const {
    const auto found = holder(address, bytes);
    if (found == live_.end()) return false;
    char* expected = address;
    const Mappings& mappings = found->second.mappings;
    for (auto mapping = mappings.find(address); mapping != mappings.end(); ++mapping) {
        if (mapping->first != expected) return false;
        expected += mapping->second.bytes;
        if (expected >= address + bytes) return expected == address + bytes;
    }
    return false;
}

void SimReservations::for_each(char* address, std::size_t bytes, const std::function<void(char*, Mapping&)>& visit) {
    Mappings& mappings = live_.find(holder(address, bytes)->first)->second.mappings;
    const auto end = mappings.lower_bound(address + bytes);
    for (auto mapping = mappings.find(address); mapping != end; ++mapping) visit(mapping->first, mapping->second);
}

void SimReservations::remove(char* address, std::size_t bytes) noexcept {
    Mappings& mappings = live_.find(holder(address, bytes)->first)->second.mappings;
    mappings.erase(mappings.find(address), mappings.lower_bound(address + bytes));
}

bool SimReservations::touches(const char* address, std::size_t bytes) const {
    const auto behind = live_.lower_bound(const_cast<char*>(address + bytes));
    if (behind != live_.begin()) {
        const auto& [start, reservation] = *std::prev(behind);
        if (overlap(start, reservation.bytes, address, bytes)) return true;
    }
    return std::any_of(retired_.begin(), retired_.end(),
                       [&](const Retired& retired) { return overlap(retired.address, retired.bytes, address, bytes); });
}

SimSpan SimReservations::find(const char* address, std::size_t bytes) const {
    constexpr SimSpan dead{Place::dead, 0};
    const auto found = holder(address, bytes);
    if (found == live_.end()) return dead;
    const Mappings& mappings = found->second.mappings;
    auto mapping = mappings.upper_bound(const_cast<char*>(address));
    if (mapping == mappings.begin()) return dead;
    --mapping;
    SimSpan span{Place::device, 0};
    const char* covered = address;
    for (; mapping != mappings.end() && covered < address + bytes; ++mapping) {
        const auto& [start, piece] = *mapping;
        const bool reaches = start <= covered && covered < start + piece.bytes;
        if (!reaches || !piece.accessible) return dead;
        covered = start + piece.bytes;
        // Order and values both count: a plain sum could come out the same for other mappings.
        span.generation = span.generation * 0x100'0000'01b3 + piece.generation;
    }
    return covered < address + bytes ? dead : span;
}

std::size_t SimReservations::bytes() const noexcept {
    std::size_t sum = 0;
    for (const auto& [address, reservation] : live_) sum += reservation.bytes;
    return sum;
}

std::size_t SimReservations::mapping_count() const noexcept {
    std::size_t sum = 0;
    for (const auto& [address, reservation] : live_) sum += reservation.mappings.size();
    return sum;
}

}  // namespace triune::sim
