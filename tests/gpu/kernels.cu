// SPDX-License-Identifier: Apache-2.0
#include "kernels.hpp"

#include <cuda_runtime.h>

#include <triune/base/error.hpp>

namespace triune::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned blocks = 64;
constexpr unsigned few_blocks = 8;  // so that kernels of many streams run side by side
// Ten seconds or more at the clock of any GPU there is: a gate that nobody opens ends the test, not the machine.
constexpr long long max_cycles = 20'000'000'000;

// One thread of each block watches, the block goes on together.
__device__ void wait_at(volatile Word* gate) {
    if (threadIdx.x == 0) {
        const long long began = clock64();
        while (*gate == gate_shut) {
            if (clock64() - began > max_cycles) *gate = gate_overdue;
        }
    }
    __syncthreads();
}

__device__ std::size_t first_index() { return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; }
__device__ std::size_t stride() { return std::size_t{gridDim.x} * blockDim.x; }

__global__ void stand(volatile Word* gate) { wait_at(gate); }

__global__ void gated_fill(volatile Word* gate, Word* data, std::size_t count, Word value) {
    wait_at(gate);
    for (std::size_t i = first_index(); i < count; i += stride()) data[i] = value;
}

__global__ void fill(Word* data, std::size_t count, Word value) {
    for (std::size_t i = first_index(); i < count; i += stride()) data[i] = value;
}

__global__ void number(Word* data, std::size_t count) {
    for (std::size_t i = first_index(); i < count; i += stride()) data[i] = static_cast<Word>(i);
}

// One block, so that all words are touched equally often.
__global__ void increment_while_shut(volatile Word* gate, Word* data, std::size_t count, Word* passes) {
    __shared__ bool again;
    const long long began = clock64();
    Word made = 0;
    do {
        for (std::size_t i = threadIdx.x; i < count; i += blockDim.x) data[i] += 1;
        ++made;
        __syncthreads();
        if (threadIdx.x == 0) {
            if (clock64() - began > max_cycles) *gate = gate_overdue;
            again = *gate == gate_shut;
        }
        __syncthreads();
    } while (again);
    if (threadIdx.x == 0) *passes = made;
}

// One block: the sum needs no atomics on memory of the host.
__global__ void count_differing(const Word* data, std::size_t count, Word value, Word* differing) {
    __shared__ Word sum;
    if (threadIdx.x == 0) sum = 0;
    __syncthreads();
    Word own = 0;
    for (std::size_t i = threadIdx.x; i < count; i += blockDim.x) own += data[i] != value ? 1U : 0U;
    atomicAdd(&sum, own);
    __syncthreads();
    if (threadIdx.x == 0) *differing = sum;
}

__global__ void slow_fill(Word* data, std::size_t count, Word value, unsigned passes) {
    for (unsigned pass = 0; pass < passes; ++pass) {
        for (std::size_t i = first_index(); i < count; i += stride()) data[i] = value;
        __nanosleep(20'000);
    }
}

__global__ void expect(const Word* data, std::size_t count, Word value, Finding* finding) {
    for (std::size_t i = first_index(); i < count; i += stride()) {
        const Word there = data[i];
        if (there == value || atomicAdd_system(&finding->differing, 1U) != 0) continue;
        finding->expected = value;
        finding->found = there;
        finding->index = static_cast<Word>(i);
    }
}

cudaStream_t raw(StreamHandle stream) { return static_cast<cudaStream_t>(stream); }

void check_launch(const char* kernel) { check(Status{static_cast<int>(cudaGetLastError()), "launch"}, kernel); }

template <typename Kernel>
void load(Kernel kernel) {
    cudaFuncAttributes attributes{};
    check(Status{static_cast<int>(cudaFuncGetAttributes(&attributes, kernel)), "cudaFuncGetAttributes"},
          "loading a kernel");
}

}  // namespace

void load_kernels() {
    load(stand);
    load(gated_fill);
    load(fill);
    load(number);
    load(increment_while_shut);
    load(count_differing);
    load(slow_fill);
    load(expect);
}

void launch_gate(StreamHandle stream, volatile Word* gate) {
    stand<<<1, 1, 0, raw(stream)>>>(gate);
    check_launch("a gate");
}

void launch_gated_fill(StreamHandle stream, volatile Word* gate, Word* data, std::size_t count, Word value) {
    gated_fill<<<1, threads, 0, raw(stream)>>>(gate, data, count, value);
    check_launch("filling behind a gate");
}

void launch_fill(StreamHandle stream, Word* data, std::size_t count, Word value) {
    fill<<<blocks, threads, 0, raw(stream)>>>(data, count, value);
    check_launch("filling");
}

void launch_number(StreamHandle stream, Word* data, std::size_t count) {
    number<<<blocks, threads, 0, raw(stream)>>>(data, count);
    check_launch("numbering");
}

void launch_increment_while_shut(StreamHandle stream, volatile Word* gate, Word* data, std::size_t count,
                                 Word* passes) {
    increment_while_shut<<<1, threads, 0, raw(stream)>>>(gate, data, count, passes);
    check_launch("incrementing");
}

void launch_slow_fill(StreamHandle stream, Word* data, std::size_t count, Word value, unsigned passes) {
    slow_fill<<<few_blocks, threads, 0, raw(stream)>>>(data, count, value, passes);
    check_launch("filling slowly");
}

void launch_expect(StreamHandle stream, const Word* data, std::size_t count, Word value, Finding* finding) {
    expect<<<few_blocks, threads, 0, raw(stream)>>>(data, count, value, finding);
    check_launch("looking");
}

void launch_count_differing(StreamHandle stream, const Word* data, std::size_t count, Word value, Word* differing) {
    count_differing<<<1, threads, 0, raw(stream)>>>(data, count, value, differing);
    check_launch("counting");
}

}  // namespace triune::gpu
