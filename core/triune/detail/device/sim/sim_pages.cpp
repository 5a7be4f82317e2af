// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_pages.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include <sys/mman.h>
#include <unistd.h>

#include <triune/base/units.hpp>

namespace triune::sim {

namespace {
constexpr int untouchable = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
}

std::size_t page_bytes() noexcept {
    static const std::size_t bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return bytes;
}

char* reserve_pages(std::size_t bytes, std::size_t alignment) noexcept {
    // mmap aligns to pages only: ask for more and give back both ends.
    const std::size_t spare = alignment > page_bytes() ? alignment : 0;
    if (bytes > std::numeric_limits<std::size_t>::max() - spare) return nullptr;
    void* const raw = mmap(nullptr, bytes + spare, PROT_NONE, untouchable, -1, 0);
    if (raw == MAP_FAILED) return nullptr;
    char* const front = static_cast<char*>(raw);
    if (spare == 0) return front;
    const auto address = reinterpret_cast<std::uintptr_t>(front);
    const std::size_t before = round_up(address, alignment) - address;
    if (before > 0) munmap(front, before);
    if (before < spare) munmap(front + before + bytes, spare - before);
    return front + before;
}

void release_pages(char* pages, std::size_t bytes) noexcept { munmap(pages, bytes); }

bool open_pages(char* pages, std::size_t bytes) noexcept { return mprotect(pages, bytes, PROT_READ | PROT_WRITE) == 0; }

bool shut_pages(char* pages, std::size_t bytes) noexcept {
    return mmap(pages, bytes, PROT_NONE, untouchable | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void poison(char* front, std::size_t bytes) noexcept { std::memset(front, poison_byte, std::min(bytes, poison_most)); }

}  // namespace triune::sim
