// SPDX-License-Identifier: Apache-2.0
// Handles as numbers: what a C program holds, and what it stands for.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>

namespace triune::c {

enum class HandleKind : std::uint8_t { manager = 1, buffer, view, leaks, stream, account, scope };

// "a manager", for messages.
const char* kind_with_article(HandleKind kind) noexcept;

// Note [Handles]
// A C program, and a foreign language more so, releases twice, mixes kinds up, and passes what is no handle. A pointer
// cannot tell; so a handle is a ticket: the index of a slot, the kind, and how often the slot has been given out. Slots
// are never freed, so any number may be looked up. Looking up takes no lock; opening and closing take that of one of 16
// shards, the thread's own when it opens.
class HandleTable {
  public:
    enum class Answer { found, null, released, other_kind, no_handle };
    struct Found {
        Answer answer = Answer::no_handle;
        HandleKind kind{};  // of the handle, where it is one of another kind
        void* object = nullptr;
    };

    static HandleTable& instance();

    HandleTable() = default;
    HandleTable(const HandleTable&) = delete;
    HandleTable& operator=(const HandleTable&) = delete;
    ~HandleTable();

    // Throws std::bad_alloc.
    std::uintptr_t open(HandleKind kind, void* object);
    Found find(std::uintptr_t handle, HandleKind kind) const noexcept;
    // The same, and the handle is released where it was found: by one caller alone.
    Found close(std::uintptr_t handle, HandleKind kind) noexcept;

    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

  private:
    struct Slot {
        std::atomic<std::uintptr_t> handle{0};  // 0 while it is free
        std::atomic<void*> object{nullptr};
        std::uint32_t rounds = 0;
        std::uint32_t next_free = 0;  // position + 1; 0 ends the list
    };
    static constexpr std::size_t shard_count = 16;
    static constexpr std::size_t first_chunk = 64;  // the next ones are twice as long each
    static constexpr std::size_t max_chunks = 18;
    struct alignas(64) Shard {
        Mutex mutex;
        std::uint32_t first_free = 0;
        std::uint32_t used = 0;
        std::array<std::atomic<Slot*>, max_chunks> chunks{};
    };

    static_assert(sizeof(std::uintptr_t) == 8, "a handle is 32 bits of rounds, 28 of an index and 4 of a kind");
    static std::size_t chunk_of(std::uint32_t position) noexcept {
        return static_cast<std::size_t>(std::bit_width(position + first_chunk)) - std::bit_width(first_chunk);
    }
    static std::size_t inside_chunk(std::uint32_t position) noexcept {
        return position + first_chunk - (first_chunk << chunk_of(position));
    }
    Slot* slot_of(std::uintptr_t handle) const noexcept;
    Slot& new_slot(Shard& shard, std::uint32_t& position);

    mutable std::array<Shard, shard_count> shards_;
    ForkGuard fork_guard_{ForkGuard::Rank::text, *this};
};

}  // namespace triune::c
