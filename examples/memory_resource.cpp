// SPDX-License-Identifier: Apache-2.0
// cuda::mr: a library that knows CCCL and nothing of Triune draws from the manager's pool, in its limit.
#define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE  // needed by CCCL 3.0 and 3.1
#include <triune/resource/pool_resource.hpp>
#include <triune/triune.hpp>

#include <iostream>
#include <new>

namespace library {

using MemoryRef = cuda::mr::resource_ref<cuda::mr::device_accessible>;

// Scratch memory for a solver, for any stream.
class Scratch {
  public:
    Scratch(MemoryRef memory, std::size_t bytes) : memory_(memory), bytes_(bytes) {
#if CCCL_VERSION < 3001000
        data_ = memory_.allocate(bytes_, 256);
#else
        data_ = memory_.allocate(cuda::stream_ref(cudaStream_t{}), bytes_, 256);
#endif
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
#if CCCL_VERSION < 3001000
        memory_.deallocate(data_, bytes_, 256);
#else
        memory_.deallocate(cuda::stream_ref(cudaStream_t{}), data_, bytes_, 256);
#endif
    }

  private:
    MemoryRef memory_;
    std::size_t bytes_;
    void* data_ = nullptr;
};

}  // namespace library

int main() {
    auto manager = triune::GpuMemoryManager::with_limit(1 << 20);
    triune::PoolResource resource(manager, "solver");
    std::size_t used = 0;
    bool refused = false;
    {
        const library::Scratch scratch(resource, 4096);
        used = manager.total_allocated_bytes();
        try {
            const library::Scratch too_big(resource, 2 << 20);
        } catch (const std::bad_alloc& error) {  // with the sentence of the library's own error
            std::cout << error.what() << '\n';
            refused = true;
        }
    }
    std::cout << used << " bytes in use, then " << resource.account().drawn_bytes() << '\n';
    return used == 4096 && refused && resource.account().drawn_bytes() == 0 ? 0 : 1;
}
