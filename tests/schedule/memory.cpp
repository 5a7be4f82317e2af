// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

extern "C" char __data_start;
extern "C" char _end;

namespace schedule {
namespace {

bool acquires(std::memory_order order) noexcept {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
}
bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}
bool is_static(std::uintptr_t address) noexcept {
    return address >= reinterpret_cast<std::uintptr_t>(&__data_start) &&
           address < reinterpret_cast<std::uintptr_t>(&_end);
}

}  // namespace

void Memory::begin(int threads) {
    used_ = 0;
    strong_.clear();
    shadows_.clear();
    thread_count_ = threads;
    for (int number = 0; number < threads; ++number) {
        Thread& thread = threads_[static_cast<std::size_t>(number)];
        thread = {};
        thread.clock[static_cast<std::size_t>(number)] = 1;
    }
}

void Memory::end() noexcept {
    for (std::size_t at = 0; at < used_; ++at) {
        const Location& location = locations_[at];
        if (!is_static(location.address)) continue;
        std::memcpy(reinterpret_cast<void*>(location.address), &location.stores.front().value, location.bytes);
    }
    thread_count_ = 0;
}

std::size_t Memory::find(const void* address, std::size_t bytes) {
    for (std::size_t at = 0; at < used_; ++at) {
        if (locations_[at].address == address_of(address)) return at;
    }
    if (used_ == max_locations) throw std::length_error("the program has too many atomic objects");
    if (used_ == locations_.size()) locations_.emplace_back();
    Location& location = locations_[used_];
    location.address = address_of(address);
    location.bytes = bytes;
    location.last_sequential = 0;
    location.stores.assign(1, {});
    std::memcpy(&location.stores.front().value, address, bytes);
    return used_++;
}

int Memory::location_number(const void* address) const noexcept {
    for (std::size_t at = 0; at < used_; ++at) {
        if (locations_[at].address == address_of(address)) return static_cast<int>(at);
    }
    return -1;
}

void Memory::learn(Thread& thread, const Stored& from) noexcept {
    for (std::size_t i = 0; i < max_threads; ++i) thread.clock[i] = std::max(thread.clock[i], from.clock[i]);
    for (std::size_t i = 0; i < used_; ++i) thread.view[i] = std::max(thread.view[i], from.view[i]);
}

std::uint64_t Memory::load(int number, const void* address, std::size_t bytes, std::memory_order order,
                           const std::function<int(int)>& pick) {
    Thread& thread = threads_[static_cast<std::size_t>(number)];
    const std::size_t at = find(address, bytes);
    const Location& location = locations_[at];
    const std::size_t newest = location.stores.size() - 1;
    std::size_t oldest = thread.view[at];
    if (order == std::memory_order_seq_cst) oldest = std::max(oldest, location.last_sequential);
    if (is_strong(address)) oldest = newest;
    const std::size_t seen = newest - static_cast<std::size_t>(pick(static_cast<int>(newest - oldest) + 1));
    thread.view[at] = static_cast<std::uint16_t>(seen);
    thread.last_loaded = at;
    if (acquires(order)) learn(thread, location.stores[seen]);
    return location.stores[seen].value;
}

void Memory::add(Thread& thread, int number, std::size_t at, std::uint64_t value, std::memory_order order,
                 const Stored* continued) {
    Location& location = locations_[at];
    Stored stored;
    stored.value = value;
    thread.view[at] = static_cast<std::uint16_t>(location.stores.size());
    if (releases(order)) {
        stored.clock = thread.clock;
        stored.view = thread.view;
        ++thread.clock[static_cast<std::size_t>(number)];
    }
    if (continued != nullptr) {  // a release sequence
        for (std::size_t i = 0; i < max_threads; ++i) stored.clock[i] = std::max(stored.clock[i], continued->clock[i]);
        for (std::size_t i = 0; i < used_; ++i) stored.view[i] = std::max(stored.view[i], continued->view[i]);
    }
    if (order == std::memory_order_seq_cst) location.last_sequential = location.stores.size();
    location.stores.push_back(stored);
    std::memcpy(reinterpret_cast<void*>(location.address), &value, location.bytes);
}

bool Memory::store(int number, void* address, std::size_t bytes, std::uint64_t value, std::memory_order order) {
    const std::size_t at = find(address, bytes);
    const bool changes = locations_[at].stores.back().value != value;
    add(threads_[static_cast<std::size_t>(number)], number, at, value, order, nullptr);
    return changes;
}

std::uint64_t Memory::exchange(int number, void* address, std::size_t bytes, std::memory_order order,
                               std::memory_order failure,
                               const std::function<std::optional<std::uint64_t>(std::uint64_t)>& change) {
    Thread& thread = threads_[static_cast<std::size_t>(number)];
    const std::size_t at = find(address, bytes);
    const Stored before = locations_[at].stores.back();
    const std::optional<std::uint64_t> after = change(before.value);
    thread.view[at] = static_cast<std::uint16_t>(locations_[at].stores.size() - 1);
    thread.last_loaded = at;
    if (acquires(after ? order : failure)) learn(thread, before);
    if (after) add(thread, number, at, *after, order, &before);
    return before.value;
}

void Memory::everything_arrives() noexcept {
    for (Thread& thread : threads_) {
        for (std::size_t at = 0; at < used_; ++at)
            thread.view[at] = static_cast<std::uint16_t>(locations_[at].stores.size() - 1);
    }
}

void Memory::arrives_at_last(int number) noexcept {
    Thread& thread = threads_[static_cast<std::size_t>(number)];
    if (thread.last_loaded >= used_) return;
    thread.view[thread.last_loaded] = static_cast<std::uint16_t>(locations_[thread.last_loaded].stores.size() - 1);
}

bool Memory::is_strong(const void* address) const noexcept {
    return std::any_of(strong_.begin(), strong_.end(), [&](const Extent& extent) {
        return address_of(address) - extent.begin < extent.bytes;
    });
}

std::optional<std::string> Memory::access(int number, const void* address, std::size_t bytes, bool write) {
    const auto self = static_cast<std::size_t>(number);
    const Clock& clock = threads_[self].clock;
    std::uintptr_t begin = address_of(address);
    const std::uintptr_t end = begin + bytes;
    while (begin < end) {
        const std::uintptr_t word = begin / 8;
        const std::uintptr_t until = std::min(end, (word + 1) * 8);
        const auto mask = static_cast<std::uint8_t>(((1U << (until - begin)) - 1) << (begin % 8));
        begin = until;
        Shadow& shadow = shadows_.at(word);
        const auto writer = static_cast<std::size_t>(shadow.writer);
        if (shadow.writer >= 0 && shadow.writer != number && (shadow.write_mask & mask) != 0 &&
            clock[writer] < shadow.write_time) {
            return std::string("race: thread ") + std::to_string(number) + (write ? " writes" : " reads") +
                   " what thread " + std::to_string(shadow.writer) + " writes";
        }
        if (!write) {
            const bool again = shadow.read_time[self] == clock[self];
            shadow.read_mask[self] = static_cast<std::uint8_t>(mask | (again ? shadow.read_mask[self] : 0));
            shadow.read_time[self] = clock[self];
            continue;
        }
        for (std::size_t other = 0; other < max_threads; ++other) {
            if (other == self || (shadow.read_mask[other] & mask) == 0 || clock[other] >= shadow.read_time[other])
                continue;
            return "race: thread " + std::to_string(number) + " writes what thread " + std::to_string(other) + " reads";
        }
        const bool again = shadow.writer == number && shadow.write_time == clock[self];
        shadow.write_mask = static_cast<std::uint8_t>(mask | (again ? shadow.write_mask : 0));
        shadow.writer = number;
        shadow.write_time = clock[self];
    }
    return std::nullopt;
}

void Memory::forget(const void* address, std::size_t bytes) {
    for (std::uintptr_t word = address_of(address) / 8; word * 8 < address_of(address) + bytes; ++word) {
        if (Shadow* const shadow = shadows_.find(word)) *shadow = {};
    }
    for (std::size_t at = 0; at < used_; ++at) {
        if (locations_[at].address - address_of(address) < bytes) locations_[at].address = 0;
    }
}

}  // namespace schedule
