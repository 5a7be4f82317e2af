// The state of a layout on disk, to go on from later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

#include "utils/unified_gpu_compute.hpp"

namespace package_map {

struct CheckpointError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Everything that a graph's arrays hold, on the host.
struct Checkpoint {
    std::size_t nodes = 0;
    std::size_t edges = 0;
    utils::NodeVectors positions;
    utils::NodeVectors velocities;
    std::vector<float> masses;
    std::vector<std::int32_t> offsets;
    std::vector<std::int32_t> columns;
    std::vector<float> weights;
};

bool operator==(const Checkpoint& a, const Checkpoint& b);

// After the work queued on the graph's stream. Throws utils::CudaException.
Checkpoint take_checkpoint(utils::UnifiedGPUCompute& compute);
// Makes the graph what it was; it may have had any size before. Throws utils::CudaException.
void restore_checkpoint(utils::UnifiedGPUCompute& compute, const Checkpoint& checkpoint);

void write_checkpoint(std::ostream& out, const Checkpoint& checkpoint);
// Throws CheckpointError where the bytes are not those of a checkpoint.
Checkpoint read_checkpoint(std::istream& in);

// Takes one, writes and reads it, restores it into a graph of another size and compares. Answers with its bytes.
std::size_t prove_checkpoint(utils::UnifiedGPUCompute& compute, const std::string& path);

}  // namespace package_map
