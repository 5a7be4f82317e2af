// SPDX-License-Identifier: Apache-2.0
#define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE  // needed by CCCL 3.0 and 3.1
#include <triune/resource/pool_resource.hpp>
#include <triune/triune.hpp>

#include <iostream>

using MemoryRef = cuda::mr::resource_ref<cuda::mr::device_accessible>;

// Stands for a library that knows CCCL and nothing of Triune.
class Solver {
  public:
    explicit Solver(MemoryRef memory) : memory_(memory) {}

    void run() {
#if CCCL_VERSION < 3001000
        void* const scratch = memory_.allocate(4096, 256);
        memory_.deallocate(scratch, 4096, 256);
#else
        const cuda::stream_ref stream(cudaStream_t{});
        void* const scratch = memory_.allocate(stream, 4096, 256);
        memory_.deallocate(stream, scratch, 4096, 256);
#endif
    }

  private:
    MemoryRef memory_;
};

int main() {
    triune::GpuMemoryManager manager;
    triune::PoolResource resource(manager, "solver");
    Solver solver(resource);  // takes a cuda::mr::resource_ref<cuda::mr::device_accessible>
    solver.run();
    std::cout << manager.stats().peak_allocated_bytes << " bytes at most, " << resource.account().drawn_bytes()
              << " still out\n";
}
