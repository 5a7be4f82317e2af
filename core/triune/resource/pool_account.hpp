// SPDX-License-Identifier: Apache-2.0
// What another library has drawn from a manager's pool.
#pragma once

#include <cstddef>
#include <memory>
#include <source_location>
#include <string_view>

#include <triune/device/stream_order.hpp>
#include <triune/manage/manager.hpp>

namespace triune {

// Device memory by address, for callers who know no buffers: what the adaptors for `cuda::mr` and Thrust stand on.
// Copies are the same account, equal to each other and to no other; memory goes back through the account that it came
// from. The manager counts it as it counts buffers: within the limit, in totals and peak, each piece once in
// allocation_count, and all of an account together in one record, so that the registry grows by accounts and
// not by pieces.
//
// Thread-safe. An account keeps the device's memory alive and may outlive its manager. With its last copy goes what was
// never given back, after all work queued by then; a warning says how many bytes that was.
class PoolAccount {
  public:
    // The account of the current device's default manager that all default-made ones share. Throws device_error.
    PoolAccount();
    // One of its own, called `name` in messages about memory.
    explicit PoolAccount(GpuMemoryManager& manager, std::string_view name = "account",
                         std::source_location where = std::source_location::current());
    // Declared, so that a move is a copy: an allocator that was moved from still frees what it allocated.
    PoolAccount(const PoolAccount&) noexcept = default;
    PoolAccount& operator=(const PoolAccount&) noexcept = default;
    ~PoolAccount() = default;

    // For work on the stream that `order` names; without one, for any stream at once. Not initialised. Null for 0
    // bytes. Where memory has run out the manager's failure hook is asked. Throws bad_allocation, invalid_argument for
    // an alignment that is no power of two and for a stream that the device does not know, device_error.
    void* allocate(std::size_t bytes, std::size_t alignment, StreamOrder order) const;
    // Serves again on that stream at once and elsewhere when what is queued there by now has run; without a stream, or
    // where the stream is gone, when all has run that is queued on the device by now. Null is nothing; any other
    // address that is not out is reported as misuse and left alone.
    void deallocate(void* address, StreamOrder order) const noexcept;

    // Bytes that are out, as asked for.
    std::size_t drawn_bytes() const;

    friend bool operator==(const PoolAccount& a, const PoolAccount& b) noexcept { return a.state_ == b.state_; }

  private:
    class State;
    static std::shared_ptr<State> default_state();

    std::shared_ptr<State> state_;
};

}  // namespace triune
