#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "force_model.hpp"
#include "layout_kernels.hpp"

namespace package_map {

namespace {

std::size_t scratch_bytes(std::uint32_t /*nodes*/) { return 0; }

Vector position(const NodeArrays& nodes, std::uint32_t i) { return {nodes.x[i], nodes.y[i], nodes.z[i]}; }

void find_bounds(const NodeArrays& nodes, const GridArrays& grid) {
    float extent = 1.0F;
    const float* const axes[] = {nodes.x, nodes.y, nodes.z};
    for (int axis = 0; axis < 3; ++axis) {
        const auto [least, most] = std::minmax_element(axes[axis], axes[axis] + nodes.count);
        grid.bounds[axis] = *least;
        extent = std::max(extent, *most - *least);
    }
    grid.bounds[3] = extent * 1.0001F / static_cast<float>(grid.side);
}

// A counting sort: stable, so a cell's nodes stand in the order of their numbers.
void build_grid(const NodeArrays& nodes, const GridArrays& grid, void* /*stream*/) {
    find_bounds(nodes, grid);
    const int side = static_cast<int>(grid.side);
    const std::uint32_t cells = grid.side * grid.side * grid.side;
    std::fill(grid.ends, grid.ends + cells, 0U);
    for (std::uint32_t i = 0; i < nodes.count; ++i) {
        grid.keys[i] = cell_key(grid_place(position(nodes, i), grid.bounds, side), side);
        ++grid.ends[grid.keys[i]];
    }
    std::uint32_t start = 0;
    for (std::uint32_t key = 0; key < cells; ++key) {
        grid.starts[key] = start;
        start += grid.ends[key];
        grid.ends[key] = grid.starts[key];
    }
    for (std::uint32_t i = 0; i < nodes.count; ++i) {
        const std::uint32_t at = grid.ends[grid.keys[i]]++;
        grid.order[at] = i;
        grid.sorted_x[at] = nodes.x[i];
        grid.sorted_y[at] = nodes.y[i];
        grid.sorted_z[at] = nodes.z[i];
        grid.sorted_mass[at] = nodes.mass[i];
    }
    for (std::uint32_t key = 0; key < cells; ++key) {
        grid.cells[key] = summarize_cell(grid, key);
    }
}

struct OccupiedCell {
    GridPlace place;
    CellSummary summary;
};

std::vector<OccupiedCell> occupied_cells(const GridArrays& grid) {
    std::vector<OccupiedCell> occupied;
    const int side = static_cast<int>(grid.side);
    for (int z = 0; z < side; ++z) {
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const CellSummary& cell = grid.cells[cell_key({x, y, z}, side)];
                if (cell.mass > 0.0F) {
                    occupied.push_back({{x, y, z}, cell});
                }
            }
        }
    }
    return occupied;
}

void compute_forces(const NodeArrays& nodes, const EdgeArrays& edges, const GridArrays& grid, const ForceArrays& forces,
                    const LayoutSettings& settings, void* /*stream*/) {
    const std::vector<OccupiedCell> occupied = occupied_cells(grid);
    for (std::uint32_t sorted = 0; sorted < nodes.count; ++sorted) {
        const std::uint32_t node = grid.order[sorted];
        const Vector at = position(nodes, node);
        const GridPlace place = grid_place(at, grid.bounds, static_cast<int>(grid.side));
        const float strength = settings.repulsion * nodes.mass[node];
        Vector force{0.0F, 0.0F, 0.0F};
        add_near_repulsion(force, at, strength, place, grid);
        for (const OccupiedCell& cell : occupied) {
            const float mass = are_near(place, cell.place) ? 0.0F : cell.summary.mass;
            add_repulsion(force, at, {cell.summary.x, cell.summary.y, cell.summary.z}, strength * mass);
        }
        add_springs(force, node, at, nodes, edges, settings.spring);
        add_gravity(force, at, nodes.mass[node], settings);
        forces.x[node] = force.x;
        forces.y[node] = force.y;
        forces.z[node] = force.z;
    }
}

void move_nodes(const NodeArrays& nodes, const ForceArrays& forces, const LayoutSettings& settings, void* /*stream*/) {
    for (std::uint32_t i = 0; i < nodes.count; ++i) {
        move_node(i, nodes, forces, settings);
    }
}

void measure_edges(const NodeArrays& nodes, const EdgeLengths& edges, void* /*stream*/) {
    for (std::size_t i = 0; i < edges.count; ++i) {
        const float x = nodes.x[edges.first[i]] - nodes.x[edges.second[i]];
        const float y = nodes.y[edges.first[i]] - nodes.y[edges.second[i]];
        edges.lengths[i] = std::sqrt(x * x + y * y);
    }
}

void record_positions(const NodeArrays& nodes, float* sample, void* /*stream*/) {
    std::copy(nodes.x, nodes.x + nodes.count, sample);
    std::copy(nodes.y, nodes.y + nodes.count, sample + nodes.count);
}

void read_memory(void* host, const void* device, std::size_t bytes, void* /*stream*/) {
    if (bytes != 0) {
        std::memcpy(host, device, bytes);
    }
}

std::size_t memory_in_use() { return 0; }

}  // namespace

const LayoutKernels& cpu_kernels() {
    static const LayoutKernels kernels{"cpu",         scratch_bytes,    build_grid,  compute_forces, move_nodes,
                                       measure_edges, record_positions, read_memory, memory_in_use};
    return kernels;
}

const LayoutKernels& select_kernels(const void* array) {
#ifdef PACKAGE_MAP_CUDA
    const char* wish = std::getenv("LAYOUT_DEVICE");
    const LayoutKernels* gpu = gpu_kernels(array);
    if (gpu != nullptr && wish != nullptr && std::string(wish) == "cpu") {
        throw std::runtime_error("LAYOUT_DEVICE is cpu, but the layout's arrays are in a GPU's memory");
    }
    if (gpu != nullptr) {
        return *gpu;
    }
#else
    static_cast<void>(array);
#endif
    return cpu_kernels();
}

}  // namespace package_map
