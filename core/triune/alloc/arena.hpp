// A reserved range of virtual addresses with physical memory mapped into its front.
#pragma once

#include <cstddef>
#include <vector>

#include <triune/device/device.hpp>

namespace triune {

// The only four verbs: reserve (the constructor), commit, decommit, release. The base address never changes, so what
// lies in the committed front keeps its place and its contents while more is committed behind it. Not thread-safe. The
// device must have `virtual_memory` and outlive the arena.
class Arena {
  public:
    Arena() noexcept = default;
    // Reserves at least `bytes` of addresses; no memory yet. Throws invalid_argument for 0, device_error or
    // out_of_memory.
    Arena(Device& device, std::size_t bytes);
    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&& other) noexcept;
    // Releases. The caller knows that no queued work uses the memory any more.
    ~Arena();

    // Afterwards at least the first `bytes` are mapped; their former contents stay, new memory is not initialised.
    // Nothing that runs on the device is waited for. Throws invalid_argument beyond the reservation, out_of_memory or
    // device_error, and then nothing has changed.
    void commit(std::size_t bytes);
    // Gives back the chunks that lie wholly behind the first `bytes`. No queued work may use them any more. What the
    // device refuses to unmap stays committed.
    void decommit(std::size_t bytes) noexcept;
    void release() noexcept;

    std::byte* data() const noexcept { return base_; }
    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t committed_bytes() const noexcept { return committed_; }

  private:
    struct Chunk {
        ChunkHandle handle;
        std::size_t bytes;
    };

    Device* device_ = nullptr;
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t committed_ = 0;
    std::vector<Chunk> chunks_;
};

}  // namespace triune
