// SPDX-License-Identifier: Apache-2.0
// CUB's caching allocator, its cache unlimited.
#include <cub/util_allocator.cuh>

#include <cstdio>
#include <cstdlib>
#include <limits>

#include "contestant_list.hpp"

namespace bench {
namespace {

class Cub final : public Contestant {
  public:
    Piece allocate(std::size_t bytes, Stream stream) override {
        Piece piece;
        if (allocator_.DeviceAllocate(&piece.data, bytes, static_cast<cudaStream_t>(stream)) != cudaSuccess) {
            std::fprintf(stderr, "cub::CachingDeviceAllocator: out of memory\n");
            std::exit(1);
        }
        return piece;
    }
    void deallocate(Piece piece, std::size_t, Stream) override { static_cast<void>(allocator_.DeviceFree(piece.data)); }
    std::size_t reserved_bytes() override {
        std::size_t bytes = 0;
        for (const auto& [device, cached] : allocator_.cached_bytes) bytes += cached.free + cached.live;
        return bytes;
    }

  private:
    // Bins of powers of two, up to 4 GiB.
    cub::CachingDeviceAllocator allocator_{2, 8, 32, std::numeric_limits<std::size_t>::max(), true};
};

}  // namespace

std::vector<Entry> cub_entries() {
    return {{"cub", [] { return std::make_unique<Cub>(); }}};
}

}  // namespace bench
