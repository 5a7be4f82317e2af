// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_heap.hpp>

#include <algorithm>

#include <triune/base/units.hpp>
#include <triune/detail/device/sim/sim_pages.hpp>

namespace triune::sim {

namespace {

constexpr std::size_t alignment = 256;

// Bounded on both sides: the thread sanitizer leaves a program little more than 1 TiB of addresses.
std::size_t range_for(std::size_t capacity_bytes) {
    constexpr std::size_t least = 64 * GiB;
    constexpr std::size_t most = 16 * 1024 * GiB;
    return std::clamp(std::min(capacity_bytes, most) * 4, least, most);
}

}  // namespace

SimHeap::SimHeap(Place live, std::size_t capacity_bytes) : live_place_(live), range_bytes_(range_for(capacity_bytes)) {}

char* SimHeap::Block::address(char* pages) const noexcept { return pages + page_bytes - round_up(bytes, alignment); }

SimHeap::~SimHeap() {
    if (range_) release_pages(range_, range_bytes_);
}

void* SimHeap::allocate(std::size_t bytes) {
    if (bytes > range_bytes_) return nullptr;
    if (!range_) next_ = range_ = reserve_pages(range_bytes_, page_bytes());
    if (!range_) return nullptr;
    const std::size_t wanted = round_up(bytes, page_bytes());
    char* const pages = find_room(wanted);
    if (!pages) return nullptr;
    const auto [placed, fresh] = blocks_.emplace(pages, Block{wanted, bytes, ++generations_});
    if (!open_pages(pages, wanted)) {
        blocks_.erase(placed);
        return nullptr;
    }
    next_ = pages + wanted + page_bytes();
    bytes_ += bytes;
    char* const address = placed->second.address(pages);
    poison(address, bytes);
    return address;
}

// First behind the newest block, then from the range's front; a guard page is part of the room.
char* SimHeap::find_room(std::size_t wanted) const {
    const std::size_t room = wanted + page_bytes();
    char* const end = range_ + range_bytes_;
    for (char* candidate : {next_, range_}) {
        auto block = blocks_.lower_bound(candidate);
        while (block != blocks_.end() && static_cast<std::size_t>(block->first - candidate) < room) {
            candidate = block->first + block->second.page_bytes + page_bytes();
            ++block;
        }
        if (candidate <= end && static_cast<std::size_t>(end - candidate) >= room) return candidate;
    }
    return nullptr;
}

std::size_t SimHeap::release(void* address) noexcept {
    char* const front = static_cast<char*>(address);
    auto block = blocks_.upper_bound(front);
    if (block == blocks_.begin()) return 0;
    --block;
    if (block->second.address(block->first) != front) return 0;
    if (!shut_pages(block->first, block->second.page_bytes)) return 0;
    const std::size_t bytes = block->second.bytes;
    bytes_ -= bytes;
    blocks_.erase(block);
    return bytes;
}

bool SimHeap::touches(const char* address, std::size_t bytes) const noexcept {
    return range_ && address < range_ + range_bytes_ && address + bytes > range_;
}

SimSpan SimHeap::find(const char* address, std::size_t bytes) const {
    auto block = blocks_.upper_bound(const_cast<char*>(address));
    if (block == blocks_.begin()) return {Place::dead, 0};
    --block;
    const char* const front = block->second.address(block->first);
    if (address < front) return {Place::dead, 0};
    const auto offset = static_cast<std::size_t>(address - front);
    if (offset > block->second.bytes || bytes > block->second.bytes - offset) return {Place::dead, 0};
    return {live_place_, block->second.generation};
}

}  // namespace triune::sim
