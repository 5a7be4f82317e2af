#include <cuda_runtime.h>
#include <cub/device/device_radix_sort.cuh>

#include <cfloat>

#include "force_model.hpp"
#include "layout_kernels.hpp"

namespace package_map {

namespace {

constexpr unsigned kThreads = 128;

unsigned blocks_for(std::size_t count) { return static_cast<unsigned>((count + kThreads - 1) / kThreads); }
cudaStream_t stream_of(void* stream) { return static_cast<cudaStream_t>(stream); }
std::size_t aligned(std::size_t bytes) { return (bytes + 255) / 256 * 256; }

__device__ std::uint32_t thread_number() { return blockIdx.x * blockDim.x + threadIdx.x; }

__device__ Vector position(const NodeArrays& nodes, std::uint32_t i) { return {nodes.x[i], nodes.y[i], nodes.z[i]}; }

std::size_t sort_bytes(std::uint32_t nodes) {
    std::size_t bytes = 0;
    const std::uint32_t* in = nullptr;
    std::uint32_t* out = nullptr;
    cub::DeviceRadixSort::SortPairs(nullptr, bytes, in, out, in, out, static_cast<int>(nodes));
    return bytes;
}

// The sorted keys, the numbers 0, 1, 2, ..., and what the sort itself needs.
std::size_t scratch_bytes(std::uint32_t nodes) {
    return 2 * aligned(nodes * sizeof(std::uint32_t)) + aligned(sort_bytes(nodes));
}

// One block. Least and greatest values do not depend on the order, so the result is exact.
__global__ void find_bounds(NodeArrays nodes, GridArrays grid) {
    __shared__ float least[3][kThreads];
    __shared__ float most[3][kThreads];
    const float* const axes[] = {nodes.x, nodes.y, nodes.z};
    for (int axis = 0; axis < 3; ++axis) {
        float low = FLT_MAX;
        float high = -FLT_MAX;
        for (std::uint32_t i = threadIdx.x; i < nodes.count; i += kThreads) {
            low = fminf(low, axes[axis][i]);
            high = fmaxf(high, axes[axis][i]);
        }
        least[axis][threadIdx.x] = low;
        most[axis][threadIdx.x] = high;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        float extent = 1.0F;
        for (int axis = 0; axis < 3; ++axis) {
            for (unsigned i = 1; i < kThreads; ++i) {
                least[axis][0] = fminf(least[axis][0], least[axis][i]);
                most[axis][0] = fmaxf(most[axis][0], most[axis][i]);
            }
            grid.bounds[axis] = least[axis][0];
            extent = fmaxf(extent, most[axis][0] - least[axis][0]);
        }
        grid.bounds[3] = extent * 1.0001F / static_cast<float>(grid.side);
    }
}

__global__ void assign_keys(NodeArrays nodes, GridArrays grid, std::uint32_t* numbers) {
    const std::uint32_t i = thread_number();
    if (i < nodes.count) {
        const int side = static_cast<int>(grid.side);
        grid.keys[i] = cell_key(grid_place(position(nodes, i), grid.bounds, side), side);
        numbers[i] = i;
    }
}

__global__ void find_cells(NodeArrays nodes, GridArrays grid, const std::uint32_t* sorted_keys) {
    const std::uint32_t i = thread_number();
    if (i >= nodes.count) {
        return;
    }
    const std::uint32_t node = grid.order[i];
    grid.sorted_x[i] = nodes.x[node];
    grid.sorted_y[i] = nodes.y[node];
    grid.sorted_z[i] = nodes.z[node];
    grid.sorted_mass[i] = nodes.mass[node];
    if (i == 0 || sorted_keys[i - 1] != sorted_keys[i]) {
        grid.starts[sorted_keys[i]] = i;
    }
    if (i + 1 == nodes.count || sorted_keys[i + 1] != sorted_keys[i]) {
        grid.ends[sorted_keys[i]] = i + 1;
    }
}

__global__ void summarize_cells(GridArrays grid, std::uint32_t cells) {
    const std::uint32_t key = thread_number();
    if (key < cells) {
        grid.cells[key] = summarize_cell(grid, key);
    }
}

void build_grid(const NodeArrays& nodes, const GridArrays& grid, void* stream) {
    const std::uint32_t cells = grid.side * grid.side * grid.side;
    const std::size_t part = aligned(nodes.count * sizeof(std::uint32_t));
    auto* const scratch = static_cast<char*>(grid.scratch);
    auto* const sorted_keys = reinterpret_cast<std::uint32_t*>(scratch);
    auto* const numbers = reinterpret_cast<std::uint32_t*>(scratch + part);
    std::size_t sort_scratch_bytes = grid.scratch_bytes - 2 * part;

    find_bounds<<<1, kThreads, 0, stream_of(stream)>>>(nodes, grid);
    assign_keys<<<blocks_for(nodes.count), kThreads, 0, stream_of(stream)>>>(nodes, grid, numbers);
    // A radix sort is stable: a cell's nodes stand in the order of their numbers.
    cub::DeviceRadixSort::SortPairs(scratch + 2 * part, sort_scratch_bytes, grid.keys, sorted_keys, numbers, grid.order,
                                    static_cast<int>(nodes.count), 0, 32, stream_of(stream));
    cudaMemsetAsync(grid.starts, 0, cells * sizeof(std::uint32_t), stream_of(stream));
    cudaMemsetAsync(grid.ends, 0, cells * sizeof(std::uint32_t), stream_of(stream));
    find_cells<<<blocks_for(nodes.count), kThreads, 0, stream_of(stream)>>>(nodes, grid, sorted_keys);
    summarize_cells<<<blocks_for(cells), kThreads, 0, stream_of(stream)>>>(grid, cells);
}

__global__ void compute_forces(NodeArrays nodes, EdgeArrays edges, GridArrays grid, ForceArrays forces,
                               LayoutSettings settings) {
    const std::uint32_t sorted = thread_number();
    if (sorted >= nodes.count) {
        return;
    }
    const std::uint32_t node = grid.order[sorted];
    const Vector at = position(nodes, node);
    const int side = static_cast<int>(grid.side);
    const GridPlace place = grid_place(at, grid.bounds, side);
    const float strength = settings.repulsion * nodes.mass[node];
    Vector force{0.0F, 0.0F, 0.0F};
    add_near_repulsion(force, at, strength, place, grid);
    std::uint32_t key = 0;
    for (int z = 0; z < side; ++z) {
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x, ++key) {
                const CellSummary cell = grid.cells[key];
                if (cell.mass > 0.0F && !are_near(place, {x, y, z})) {
                    add_repulsion(force, at, {cell.x, cell.y, cell.z}, strength * cell.mass);
                }
            }
        }
    }
    add_springs(force, node, at, nodes, edges, settings.spring);
    add_gravity(force, at, nodes.mass[node], settings);
    forces.x[node] = force.x;
    forces.y[node] = force.y;
    forces.z[node] = force.z;
}

void launch_forces(const NodeArrays& nodes, const EdgeArrays& edges, const GridArrays& grid, const ForceArrays& forces,
                   const LayoutSettings& settings, void* stream) {
    compute_forces<<<blocks_for(nodes.count), kThreads, 0, stream_of(stream)>>>(nodes, edges, grid, forces, settings);
}

__global__ void move_nodes(NodeArrays nodes, ForceArrays forces, LayoutSettings settings) {
    const std::uint32_t i = thread_number();
    if (i < nodes.count) {
        move_node(i, nodes, forces, settings);
    }
}

void launch_moves(const NodeArrays& nodes, const ForceArrays& forces, const LayoutSettings& settings, void* stream) {
    move_nodes<<<blocks_for(nodes.count), kThreads, 0, stream_of(stream)>>>(nodes, forces, settings);
}

__global__ void measure_edges(NodeArrays nodes, EdgeLengths edges) {
    const std::uint32_t i = thread_number();
    if (i < edges.count) {
        const float x = nodes.x[edges.first[i]] - nodes.x[edges.second[i]];
        const float y = nodes.y[edges.first[i]] - nodes.y[edges.second[i]];
        edges.lengths[i] = sqrtf(x * x + y * y);
    }
}

void launch_edge_lengths(const NodeArrays& nodes, const EdgeLengths& edges, void* stream) {
    if (edges.count != 0) {
        measure_edges<<<blocks_for(edges.count), kThreads, 0, stream_of(stream)>>>(nodes, edges);
    }
}

void record_positions(const NodeArrays& nodes, float* sample, void* stream) {
    const std::size_t bytes = nodes.count * sizeof(float);
    cudaMemcpyAsync(sample, nodes.x, bytes, cudaMemcpyDeviceToDevice, stream_of(stream));
    cudaMemcpyAsync(sample + nodes.count, nodes.y, bytes, cudaMemcpyDeviceToDevice, stream_of(stream));
}

void read_memory(void* host, const void* device, std::size_t bytes, void* stream) {
    cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, stream_of(stream));
    cudaStreamSynchronize(stream_of(stream));
}

std::size_t memory_in_use() {
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    return cudaMemGetInfo(&free_bytes, &total_bytes) == cudaSuccess ? total_bytes - free_bytes : 0;
}

}  // namespace

const LayoutKernels* gpu_kernels(const void* array) {
    cudaPointerAttributes attributes{};
    if (cudaPointerGetAttributes(&attributes, array) != cudaSuccess || attributes.type != cudaMemoryTypeDevice) {
        cudaGetLastError();
        return nullptr;
    }
    static const LayoutKernels kernels{"gpu",        scratch_bytes,       build_grid,       launch_forces,
                                       launch_moves, launch_edge_lengths, record_positions, read_memory,
                                       memory_in_use};
    return &kernels;
}

}  // namespace package_map
