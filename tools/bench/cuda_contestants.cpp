// SPDX-License-Identifier: Apache-2.0
// The CUDA runtime's own allocators.
#include <cuda_runtime_api.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "contestant_list.hpp"

namespace bench {
namespace {

void require(cudaError_t error, const char* what) {
    if (error == cudaSuccess) return;
    std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
    std::exit(1);
}

class CudaMalloc final : public Contestant {
  public:
    CudaMalloc() { require(cudaMemGetInfo(&free_before_, &total_), "cudaMemGetInfo"); }
    Piece allocate(std::size_t bytes, Stream) override {
        Piece piece;
        require(cudaMalloc(&piece.data, bytes), "cudaMalloc");
        return piece;
    }
    void deallocate(Piece piece, std::size_t, Stream) override { require(cudaFree(piece.data), "cudaFree"); }
    std::size_t reserved_bytes() override {
        std::size_t free_now = 0;
        require(cudaMemGetInfo(&free_now, &total_), "cudaMemGetInfo");
        return free_before_ - free_now;
    }

  private:
    std::size_t free_before_ = 0;
    std::size_t total_ = 0;
};

class CudaMallocAsync final : public Contestant {
  public:
    CudaMallocAsync() {
        cudaMemPoolProps properties{};
        properties.allocType = cudaMemAllocationTypePinned;
        properties.location.type = cudaMemLocationTypeDevice;
        require(cudaGetDevice(&properties.location.id), "cudaGetDevice");
        require(cudaMemPoolCreate(&pool_, &properties), "cudaMemPoolCreate");
        std::uint64_t threshold = ~std::uint64_t{0};
        require(cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &threshold), "cudaMemPoolSetAttribute");
    }
    ~CudaMallocAsync() override {
        require(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
        require(cudaMemPoolDestroy(pool_), "cudaMemPoolDestroy");
    }
    Piece allocate(std::size_t bytes, Stream stream) override {
        Piece piece;
        require(cudaMallocFromPoolAsync(&piece.data, bytes, pool_, static_cast<cudaStream_t>(stream)),
                "cudaMallocFromPoolAsync");
        return piece;
    }
    void deallocate(Piece piece, std::size_t, Stream stream) override {
        require(cudaFreeAsync(piece.data, static_cast<cudaStream_t>(stream)), "cudaFreeAsync");
    }
    std::size_t reserved_bytes() override {
        std::uint64_t reserved = 0;
        require(cudaMemPoolGetAttribute(pool_, cudaMemPoolAttrReservedMemCurrent, &reserved),
                "cudaMemPoolGetAttribute");
        return reserved;
    }

  private:
    cudaMemPool_t pool_ = nullptr;
};

}  // namespace

std::vector<Entry> cuda_entries() {
    return {{"cudaMallocAsync", [] { return std::make_unique<CudaMallocAsync>(); }},
            {"cudaMalloc", [] { return std::make_unique<CudaMalloc>(); }, true}};
}

}  // namespace bench
