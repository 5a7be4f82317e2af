// SPDX-License-Identifier: Apache-2.0
// A total of bytes with a ceiling.
#pragma once

#include <atomic>
#include <cstddef>

namespace triune {

// Thread-safe. A refused request changes nothing that another thread could see.
class MemoryLimit {
  public:
    explicit MemoryLimit(std::size_t limit_bytes) noexcept : limit_(limit_bytes) {}

    // False, nothing changed, where the total would pass the limit.
    [[nodiscard]] bool try_add(std::size_t bytes) noexcept {
        std::size_t total = total_.load(std::memory_order_relaxed);
        do {
            if (total > limit_ || bytes > limit_ - total) return false;
        } while (!total_.compare_exchange_weak(total, total + bytes, std::memory_order_relaxed));
        return true;
    }
    // For what is counted but never refused.
    void add(std::size_t bytes) noexcept { total_.fetch_add(bytes, std::memory_order_relaxed); }
    void subtract(std::size_t bytes) noexcept { total_.fetch_sub(bytes, std::memory_order_relaxed); }

    std::size_t limit() const noexcept { return limit_; }
    std::size_t total() const noexcept { return total_.load(std::memory_order_relaxed); }
    // 0 where what is never refused stands above the limit.
    std::size_t room() const noexcept {
        const std::size_t now = total();
        return now >= limit_ ? 0 : limit_ - now;
    }

  private:
    const std::size_t limit_;
    std::atomic<std::size_t> total_{0};
};

}  // namespace triune
