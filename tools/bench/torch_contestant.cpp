// SPDX-License-Identifier: Apache-2.0
// PyTorch's caching allocator through its C++ interface, as its own settings (PYTORCH_CUDA_ALLOC_CONF) say; with
// expandable_segments:True among them it goes by another name.
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include <cstdlib>
#include <string_view>

#include "contestant_list.hpp"

namespace bench {
namespace {

namespace caching = c10::cuda::CUDACachingAllocator;

class Torch final : public Contestant {
  public:
    Torch() { caching::init(c10::cuda::device_count()); }
    ~Torch() override { caching::emptyCache(); }
    Piece allocate(std::size_t bytes, Stream stream) override {
        return {caching::raw_alloc_with_stream(bytes, static_cast<cudaStream_t>(stream)), nullptr};
    }
    void deallocate(Piece piece, std::size_t, Stream) override { caching::raw_delete(piece.data); }
    std::size_t reserved_bytes() override {
        return static_cast<std::size_t>(caching::getDeviceStats(c10::cuda::current_device()).reserved_bytes[0].current);
    }
};

}  // namespace

std::vector<Entry> torch_entries() {
    const char* const settings = std::getenv("PYTORCH_CUDA_ALLOC_CONF");
    const bool expandable =
        settings != nullptr && std::string_view(settings).find("expandable_segments:True") != std::string_view::npos;
    return {{expandable ? "torch expandable" : "torch", [] { return std::make_unique<Torch>(); }}};
}

}  // namespace bench
