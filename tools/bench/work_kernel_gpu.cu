// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "work_kernel.hpp"

namespace bench {
namespace {

constexpr std::size_t scratch_count = std::size_t{64} << 20;  // floats; a power of two

__global__ void work(FrameArrays arrays, float* scratch, std::size_t steps) {
    const std::size_t first = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
    const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
    for (std::size_t i = first; i < arrays.count; i += stride) {
        for (int axis = 0; axis < 3; ++axis) arrays.out[axis][i] = arrays.in[axis][i] + 1.0F;
    }
    for (std::size_t i = first; i < steps; i += stride) {
        float& value = scratch[i & (scratch_count - 1)];
        value = value * 0.5F + 1.0F;
    }
}

constexpr unsigned filling_threads = 256;  // a block; the blocks of one wave take all threads that there are

// `steps` for each thread. In registers, so that whoever waits waits for a place to run and not for memory.
__global__ void fill_device(float* scratch, std::size_t steps) {
    const std::size_t i = (std::size_t{blockIdx.x} * blockDim.x + threadIdx.x) & (scratch_count - 1);
    float value = scratch[i];
    for (std::size_t step = 0; step < steps; ++step) value = value * 0.5F + 1.0F;
    scratch[i] = value;
}

void require(cudaError_t error, const char* what) {
    if (error == cudaSuccess) return;
    std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
    std::exit(1);
}

cudaStream_t raw(triune::StreamHandle stream) { return static_cast<cudaStream_t>(stream); }

}  // namespace

struct WorkKernel::Impl {
    Occupancy occupancy = Occupancy::one_block_each;
    float* scratch = nullptr;
    std::size_t steps = 0;  // of the whole kernel; of each thread where it fills the device
    unsigned blocks = 0;
    cudaStream_t own = nullptr;
    cudaEvent_t before = nullptr;
    cudaEvent_t after = nullptr;

    double timed(std::size_t count) {
        double best = 1e30;
        for (int i = 0; i < 3; ++i) {
            steps = count;
            launch(nullptr, {});
            best = std::min(best, elapsed());
        }
        return best;
    }
    void launch(cudaStream_t stream, const FrameArrays& arrays) {
        require(cudaEventRecord(before, stream), "cudaEventRecord");
        if (occupancy == Occupancy::one_block_each) {
            work<<<blocks, 1024, 0, stream>>>(arrays, scratch, steps);
        } else {
            fill_device<<<blocks, filling_threads, 0, stream>>>(scratch, steps);
        }
        require(cudaGetLastError(), "launching the work kernel");
        require(cudaEventRecord(after, stream), "cudaEventRecord");
    }
    double elapsed() {
        float milliseconds = 0;
        require(cudaEventSynchronize(after), "cudaEventSynchronize");
        require(cudaEventElapsedTime(&milliseconds, before, after), "cudaEventElapsedTime");
        return 1e3 * static_cast<double>(milliseconds);
    }
};

bool WorkKernel::available() {
    static const bool there = [] {
        int count = 0;
        const bool found = cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
        if (!found) static_cast<void>(cudaGetLastError());
        return found;
    }();
    return there;
}

WorkKernel::WorkKernel(double microseconds, Occupancy occupancy) {
    if (!available()) return;
    impl_ = std::make_unique<Impl>();
    impl_->occupancy = occupancy;
    int device = 0;
    int processors = 0;
    require(cudaGetDevice(&device), "cudaGetDevice");
    require(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device), "cudaDeviceGetAttribute");
    impl_->blocks = static_cast<unsigned>(processors);
    std::size_t unit = scratch_count;
    if (occupancy != Occupancy::one_block_each) {
        int each = 0;
        require(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, fill_device, filling_threads, 0),
                "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
        constexpr unsigned waves = 8;
        impl_->blocks *= static_cast<unsigned>(each) * (occupancy == Occupancy::many_waves ? waves : 1U);
        unit = 1024;
    }
    require(cudaStreamCreateWithFlags(&impl_->own, cudaStreamDefault), "cudaStreamCreateWithFlags");
    require(cudaMalloc(reinterpret_cast<void**>(&impl_->scratch), scratch_count * sizeof(float)), "cudaMalloc");
    require(cudaMemset(impl_->scratch, 0, scratch_count * sizeof(float)), "cudaMemset");
    require(cudaEventCreate(&impl_->before), "cudaEventCreate");
    require(cudaEventCreate(&impl_->after), "cudaEventCreate");
    // Launching and the first steps cost something of their own: the rate is that between two counts.
    const double few = impl_->timed(unit);
    const double many = impl_->timed(16 * unit);
    const double a_step = (many - few) / static_cast<double>(15 * unit);
    const double fixed = impl_->timed(1);
    impl_->steps = microseconds <= fixed ? 1 : static_cast<std::size_t>((microseconds - fixed) / a_step);
}

WorkKernel::~WorkKernel() {
    if (!impl_) return;
    static_cast<void>(cudaEventDestroy(impl_->before));
    static_cast<void>(cudaEventDestroy(impl_->after));
    static_cast<void>(cudaStreamDestroy(impl_->own));
    static_cast<void>(cudaFree(impl_->scratch));
}

triune::StreamHandle WorkKernel::own_stream() const { return impl_ ? impl_->own : nullptr; }

void WorkKernel::launch(triune::StreamHandle stream, const FrameArrays& arrays) {
    if (impl_) impl_->launch(raw(stream), arrays);
}

bool WorkKernel::began() { return !impl_ || cudaEventQuery(impl_->before) == cudaSuccess; }

double WorkKernel::microseconds() { return impl_ ? impl_->elapsed() : 0; }

}  // namespace bench
