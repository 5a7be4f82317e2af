// SPDX-License-Identifier: Apache-2.0
// A kernel with a fixed amount of work: it takes longer where something holds it up, as an application's own would.
#pragma once

#include <cstddef>
#include <memory>

#include <triune/device/device.hpp>

namespace bench {

// Three arrays that a frame's kernel writes, each element one more than its source's; none where `count` is 0.
struct FrameArrays {
    const float* in[3] = {};
    float* out[3] = {};
    std::size_t count = 0;
};

// What a kernel leaves of the device to others while it runs.
enum class Occupancy {
    one_block_each,  // room on every multiprocessor; the kernel reads and writes 256 MiB of its own again and again
    one_wave,        // no room for another block until its end; the kernel computes in registers
    many_waves,      // the same by blocks that end all the time: what has priority may come in between
};

// Where there is no GPU, or no nvcc built this, `available` is false and launching does nothing.
class WorkKernel {
  public:
    static bool available();

    // Of about so many microseconds on an idle device, which is measured here.
    explicit WorkKernel(double microseconds, Occupancy occupancy = Occupancy::one_block_each);
    ~WorkKernel();

    // A stream of its own, as applications have them: the default stream and it wait for each other, so that work of
    // ours on the default stream would show. Null where there is no GPU.
    triune::StreamHandle own_stream() const;

    // Kernels that fill the device write no arrays.
    void launch(triune::StreamHandle stream, const FrameArrays& arrays = {});
    // Of the last launch: whether it has begun, and the microseconds it took on the device, waited for.
    bool began();
    double microseconds();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bench
