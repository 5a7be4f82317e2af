// A total of bytes and the highest that it ever was.
#pragma once

#include <atomic>
#include <cstddef>

namespace triune {

// Thread-safe.
class MemoryTotal {
  public:
    void add(std::size_t bytes) noexcept {
        const std::size_t total = total_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
        std::size_t peak = peak_.load(std::memory_order_relaxed);
        while (total > peak && !peak_.compare_exchange_weak(peak, total, std::memory_order_relaxed)) {
        }
    }
    void subtract(std::size_t bytes) noexcept { total_.fetch_sub(bytes, std::memory_order_relaxed); }

    std::size_t total() const noexcept { return total_.load(std::memory_order_relaxed); }
    std::size_t peak() const noexcept { return peak_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> total_{0};
    std::atomic<std::size_t> peak_{0};
};

}  // namespace triune
