#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kernel launches in .cu files: what stands in the configuration, in the arguments, in templates and in macros."""
import json
import tempfile

from workspace import Project, arguments, check

# What the parser needs of a toolkit, so that the test does not depend on one.
TOOLKIT = """#pragma once
#include <cstddef>
struct dim3 { unsigned x, y, z; dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {} };
using cudaStream_t = void*;
extern "C" unsigned __cudaPushCallConfiguration(dim3, dim3, std::size_t = 0, cudaStream_t = nullptr);
extern "C" int cudaLaunchKernel(const void*, dim3, dim3, void**, std::size_t, cudaStream_t);
"""

BEFORE = """#include "toolkit.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

#define LAUNCH(kernel, ...) kernel<<<1, 1>>>(__VA_ARGS__)

template <typename T>
__global__ void scale(T* values, std::size_t count) {}
__global__ void move(float* x, const float* y, std::size_t count) {}

class Layout : public utils::UnifiedGPUCompute {
  public:
    using UnifiedGPUCompute::UnifiedGPUCompute;
    void step() {
        move<<<dim3((num_nodes + 255) / 256), 256, 0, stream().handle()>>>(pos_in_x.as_device_ptr(), nullptr, pos_in_x.len());
        swap_buffers();
    }
};

template <typename T>
void launch(utils::ManagedDeviceBuffer<T>& buffer, const utils::Stream& stream) {
    scale<T><<<buffer.as_device_buffer().len(), 128, 0, stream.handle()>>>(
        buffer.as_device_buffer_mut().as_device_ptr(), buffer.as_device_buffer().len());
}

void run(gpu::DynamicBufferManager& manager, utils::MultiStreamManager& streams) {
    auto& buffer = manager.get_or_create_buffer("b", gpu::BufferConfig::for_positions());
    scale<float><<<buffer.capacity_bytes() / 256, 256, 0, streams.get_next_stream().handle()>>>(
        static_cast<float*>(buffer.as_ptr()), buffer.get_stats().used_bytes);
    auto owned = utils::create_managed_buffer<float>(10, "o");
    launch(owned, streams.get_compute_stream());
}

void in_a_macro(utils::DeviceBuffer<float>& edited) { LAUNCH(scale<float>, edited.as_device_ptr(), 1); }
"""

AFTER = [
    "stream().handle()>>>(pos_in_x.data(), nullptr, pos_in_x.size());",
    "scale<T><<<buffer.size(), 128, 0, stream.handle()>>>(",
    "        buffer.data(), buffer.size());",
    "scale<float><<<buffer.capacity_bytes() / 256, 256, 0, streams.next().handle()>>>(",
    "static_cast<float*>(buffer.data()), buffer.stats().allocated_bytes);",
    "launch(owned, streams.compute());",
    "void in_a_macro(triune::Buffer<float>& edited) { LAUNCH(scale<float>, edited.data(), 1); }",
]

THRUST = '''#include <thrust/device_ptr.h>
#include "utils/gpu_memory.hpp"
thrust::device_ptr<float> first(const utils::DeviceBuffer<float>& values) {
    return thrust::device_pointer_cast(values.as_device_ptr());
}
'''


# nvcc names its toolkit by where it lies, and looks for Thrust in a folder of its own there.
def headers_that_nvcc_finds_by_itself_are_found():
    with tempfile.TemporaryDirectory() as folder:
        pointer = '''#pragma once
namespace thrust {
template <typename T>
struct device_ptr {
    T* raw;
};
template <typename T>
device_ptr<T> device_pointer_cast(T* raw) { return {raw}; }
}
'''
        project = Project(arguments(), folder, {"toolkit/include/cuda_runtime.h": TOOLKIT, "sum.cu": THRUST,
                                                "toolkit/include/cccl/thrust/device_ptr.h": pointer})
        project.database(["sum.cu"])
        commands = json.loads((project.build / "compile_commands.json").read_text())
        commands[0]["arguments"][0] = str(project.source / "toolkit/bin/nvcc")
        commands[0]["arguments"] += ["--generate-code=arch=compute_80,code=[compute_80,sm_80]", "-Xcompiler=-Wall,-fPIC",
                                     "--expt-relaxed-constexpr", "-x", "cu", "-rdc=true"]
        (project.build / "compile_commands.json").write_text(json.dumps(commands))
        result, report = project.run("--fix", "--extra-arg=-nocudainc", "--format-style=none")
        check(result.returncode == 0 and report["units"]["parsed"] == 1, result.stderr)
        check("thrust::device_pointer_cast(values.data())" in project.text("sum.cu"), project.text("sum.cu"))


def main():
    headers_that_nvcc_finds_by_itself_are_found()
    with tempfile.TemporaryDirectory() as folder:
        project = Project(arguments(), folder, {"toolkit.hpp": TOOLKIT, "kernels.cu": BEFORE})
        project.database(["kernels.cu"])
        result, report = project.run("--fix", "--extra-arg=-nocudainc", "--format-style=none")
        check(result.returncode == 0 and report["units"]["parsed"] == 1, result.stderr)
        text = project.text("kernels.cu")
        for line in AFTER:
            check(line in text, f"not there: {line}\n{text}")
        left = [site for site in report["sites"] if site["state"] != "migrated"]
        check(not left, str(left))


if __name__ == "__main__":
    main()
