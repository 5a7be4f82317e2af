// SPDX-License-Identifier: Apache-2.0
// What one thread has recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <triune/base/biased_mutex.hpp>
#include <triune/track/memory_event.hpp>
#include <triune/track/stack_trace.hpp>

namespace triune {

// An event as it lies in a block: the fixed part, then its stack where it has one, then its name.
struct StoredEvent {
    MemoryEvent event;
    std::uint32_t thread = 0;
    std::uint32_t stack_bytes = 0;
    std::uint32_t name_bytes = 0;
    std::uint32_t bytes = 0;  // of all of it

    // Of one that lies in a block. Names longer than max_name_bytes are cut.
    std::string_view name() const noexcept {
        return {reinterpret_cast<const char*>(this + 1) + stack_bytes, name_bytes};
    }
    const StackTrace* stack() const noexcept {
        return stack_bytes == 0 ? nullptr : reinterpret_cast<const StackTrace*>(this + 1);
    }
    static constexpr std::size_t max_name_bytes = 1024;
};

struct EventBlock {
    static constexpr std::size_t size = 64 * 1024;

    EventBlock* next = nullptr;
    std::uint32_t used = 0;
    std::uint32_t count = 0;
    alignas(8) std::byte data[size - 16];

    // Calls visit(event) for each, the oldest first.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (std::uint32_t at = 0; at < used;) {
            const auto& stored = *reinterpret_cast<const StoredEvent*>(data + at);
            visit(stored);
            at += stored.bytes;
        }
    }
};
static_assert(sizeof(EventBlock) == EventBlock::size);

// Note [Events by threads]
// A recording must not slow down what it looks at, so each thread writes to blocks of its own, under a lock that costs
// it nothing (see Note [Biased mutex]). There are as many blocks as the recording may have for a thread. When all are
// full the oldest serves again, and what it held is counted as lost. Whoever reads a recording copies the blocks; who
// writes it to a file takes them, and brings them back empty. Nothing is allocated but the blocks, at a thread's first
// event.
class EventStore {
  public:
    BiasedMutex mutex;  // guards all below

    void note(const MemoryEvent& event, const StackTrace* stack, std::size_t max_bytes) noexcept;
    // Forgets all, for a new recording. No block is away.
    void reset() noexcept;
    // All blocks with events in them; null where there are none. Bring them back.
    EventBlock* remove_all() noexcept;
    void bring_back(EventBlock* blocks) noexcept;
    void copy_to(std::vector<std::unique_ptr<EventBlock>>& copies) const;

    std::uint64_t lost() const noexcept { return lost_; }

  private:
    std::byte* room(std::size_t bytes) noexcept;
    bool make_blocks(std::size_t max_bytes) noexcept;

    std::unique_ptr<EventBlock[]> blocks_;
    std::size_t count_ = 0;
    bool ready_ = false;  // the blocks are in the lists below, or away
    EventBlock* oldest_ = nullptr;
    EventBlock* newest_ = nullptr;
    EventBlock* spare_ = nullptr;
    std::uint64_t lost_ = 0;
};

}  // namespace triune
