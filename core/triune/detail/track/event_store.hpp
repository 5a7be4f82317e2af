// SPDX-License-Identifier: Apache-2.0
// What one thread has recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <source_location>
#include <string_view>
#include <vector>

#include <triune/detail/base/biased_mutex.hpp>
#include <triune/detail/track/memory_event.hpp>
#include <triune/track/stack_trace.hpp>

namespace triune {

// An event as it lies in a block: a line of the processor's cache with what every event has. Behind it, of a growth or
// a shrinking, what was before; then the stack where it has one; then its name.
struct StoredEvent {
    struct Before {
        const void* address;
        std::size_t bytes;
    };

    std::uint64_t ticks;
    std::uint64_t id;
    std::size_t bytes;
    const void* address;
    const void* stream;
    std::source_location where;
    std::uint32_t manager;
    std::uint32_t thread;
    std::uint16_t stored_bytes;  // of all of it
    std::uint16_t name_bytes;
    MemoryEventKind kind;
    std::uint8_t reason;
    std::uint8_t facts;  // of the four below

    // Written at once: a bit at a time, each would wait for the one before.
    enum Fact : std::uint8_t { on_stream = 1, has_name = 2, has_before = 4, has_stack = 8 };
    bool is(Fact fact) const noexcept { return (facts & fact) != 0; }

    // Of one that lies in a block. Names longer than max_name_bytes are cut.
    std::string_view name() const noexcept {
        return {reinterpret_cast<const char*>(behind()) + (is(has_stack) ? sizeof(StackTrace) : 0), name_bytes};
    }
    // Null where there is none.
    const StackTrace* stack() const noexcept {
        return is(has_stack) ? reinterpret_cast<const StackTrace*>(behind()) : nullptr;
    }
    const Before* before() const noexcept {
        return is(has_before) ? reinterpret_cast<const Before*>(this + 1) : nullptr;
    }

    static constexpr std::size_t max_name_bytes = 1024;

  private:
    const std::byte* behind() const noexcept {
        return reinterpret_cast<const std::byte*>(this + 1) + (is(has_before) ? sizeof(Before) : 0);
    }
};
static_assert(sizeof(StoredEvent) == 64);

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
            at += stored.stored_bytes;
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
