// SPDX-License-Identifier: Apache-2.0
#include "replaced_new.hpp"

#include <cstdlib>
#include <new>

using triune::ReplacedNew;

void* operator new(std::size_t bytes) {
    if (ReplacedNew::counting) ReplacedNew::allocations.fetch_add(1, std::memory_order_relaxed);
    if (bytes == ReplacedNew::refused_bytes.load(std::memory_order_relaxed)) throw std::bad_alloc();
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    if (auto* const before = ReplacedNew::before_nothrow.load(std::memory_order_relaxed)) before();
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
