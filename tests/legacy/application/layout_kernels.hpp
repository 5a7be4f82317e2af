// The layout's work on raw device arrays, for the GPU and for the CPU, behind one table of functions.
//
// Arrays are device pointers. The CPU's functions read and write them from the calling thread and ignore the stream;
// the GPU's queue their work on it. Sums run in a fixed order, so that a layout is the same on every run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace package_map {

struct LayoutSettings {
    float repulsion = 9.0F;
    float spring = 9.0F;
    float gravity = 0.6F;   // towards the origin
    float flatness = 0.2F;  // towards the plane z = 0
    float damping = 0.80F;  // of the velocity, each step
    float max_step = 60.0F;
};

struct NodeArrays {
    std::uint32_t count;
    const float *x, *y, *z;
    const float *velocity_x, *velocity_y, *velocity_z;
    const float* mass;
    const float* mobility;
    float *next_x, *next_y, *next_z;
    float *next_velocity_x, *next_velocity_y, *next_velocity_z;
};

// Compressed sparse rows, each edge from both its ends.
struct EdgeArrays {
    const std::int32_t* row_offsets;
    const std::int32_t* columns;
    const float* weights;
};

struct CellSummary {
    float x, y, z;  // centre of mass
    float mass;     // 0 where the cell is empty
};

// Nodes by cell of a cubic grid; `keys` and `order` have a value a node, `starts`, `ends` and `cells` one a cell.
struct GridArrays {
    std::uint32_t side;
    std::uint32_t* keys;
    std::uint32_t* order;  // node numbers by ascending key
    std::uint32_t* starts;
    std::uint32_t* ends;
    CellSummary* cells;
    float *sorted_x, *sorted_y, *sorted_z, *sorted_mass;
    float* bounds;  // least x, y, z and the length of a cell's edge
    void* scratch;
    std::size_t scratch_bytes;
};

struct ForceArrays {
    float *x, *y, *z;
};

struct EdgeLengths {
    std::size_t count;
    const std::uint32_t *first, *second;
    float* lengths;
};

struct LayoutKernels {
    const char* name;
    std::size_t (*scratch_bytes)(std::uint32_t nodes);
    void (*build_grid)(const NodeArrays& nodes, const GridArrays& grid, void* stream);
    void (*compute_forces)(const NodeArrays& nodes, const EdgeArrays& edges, const GridArrays& grid,
                           const ForceArrays& forces, const LayoutSettings& settings, void* stream);
    void (*move_nodes)(const NodeArrays& nodes, const ForceArrays& forces, const LayoutSettings& settings,
                       void* stream);
    void (*measure_edges)(const NodeArrays& nodes, const EdgeLengths& edges, void* stream);
    // All x, then all y, into `sample`.
    void (*record_positions)(const NodeArrays& nodes, float* sample, void* stream);
    // Blocks until the work queued on the stream and the copy are done.
    void (*read_memory)(void* host, const void* device, std::size_t bytes, void* stream);
    std::size_t (*memory_in_use)();  // bytes of the device, 0 where it has none of its own
};

const LayoutKernels& cpu_kernels();

#ifdef PACKAGE_MAP_CUDA
// Null where there is no GPU or `array` does not lie in its memory.
const LayoutKernels* gpu_kernels(const void* array);
#endif

// The GPU's where `array` lies in a GPU's memory, else the CPU's. Throws std::runtime_error where the variable
// LAYOUT_DEVICE is "cpu" and the CPU cannot reach the array.
const LayoutKernels& select_kernels(const void* array);

}  // namespace package_map
