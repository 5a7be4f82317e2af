// SPDX-License-Identifier: Apache-2.0
// A reserved range of virtual addresses with physical memory mapped into its front.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>

namespace triune {

// The process has no addresses left for a growable mapping, whatever memory the device has.
class addresses_exhausted : public out_of_memory {
  public:
    using out_of_memory::out_of_memory;
};

// The only four verbs: reserve (the constructor), commit, decommit, release. The base address never changes, so what is
// committed keeps its place and its contents while more is committed behind it. Not thread-safe. The pool of chunks
// must outlive the growable mapping.
class GrowableMapping {
  public:
    GrowableMapping() noexcept = default;
    // Reserves at least `bytes` of addresses; no memory yet. Throws invalid_argument for 0, addresses_exhausted,
    // device_error.
    GrowableMapping(ChunkPool& chunks, std::size_t bytes);
    GrowableMapping(GrowableMapping&& other) noexcept;
    GrowableMapping& operator=(GrowableMapping&& other) noexcept;
    // Releases. The caller knows that no queued work uses the memory any more.
    ~GrowableMapping();

    // Afterwards at least the first `bytes` are mapped; their former contents stay, new memory is not initialised.
    // Nothing that runs on the device is waited for. Throws invalid_argument beyond the reservation, out_of_memory or
    // device_error, and then nothing has changed.
    void commit(std::size_t bytes);
    // Gives back the chunks that lie wholly behind the first `bytes`. No queued work may use them any more. What the
    // device refuses to unmap stays committed.
    void decommit(std::size_t bytes) noexcept;
    // What that would leave.
    std::size_t committed_after_decommit(std::size_t bytes) const noexcept;

    void release() noexcept;

    std::byte* data() const noexcept { return base_; }
    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t committed_bytes() const noexcept { return committed_; }

  private:
    using Mapped = std::map<std::size_t, Chunk>;  // by offset

    bool unmap(Mapped::iterator chunk) noexcept;

    ChunkPool* chunks_ = nullptr;
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t committed_ = 0;
    Mapped mapped_;
};

}  // namespace triune
