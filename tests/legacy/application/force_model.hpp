// The forces between nodes, as functions of single nodes that both kinds of kernels call.
#pragma once

#include <cmath>

#include "layout_kernels.hpp"

#ifdef __CUDACC__
#define LAYOUT_FUNCTION __host__ __device__ inline
#else
#define LAYOUT_FUNCTION inline
#endif

namespace package_map {

struct Vector {
    float x, y, z;
};

struct GridPlace {
    int x, y, z;
};

LAYOUT_FUNCTION int grid_coordinate(float value, float least, float cell, int side) {
    const int at = static_cast<int>((value - least) / cell);
    return at < 0 ? 0 : at >= side ? side - 1 : at;
}

LAYOUT_FUNCTION GridPlace grid_place(const Vector& at, const float* bounds, int side) {
    return {grid_coordinate(at.x, bounds[0], bounds[3], side), grid_coordinate(at.y, bounds[1], bounds[3], side),
            grid_coordinate(at.z, bounds[2], bounds[3], side)};
}

LAYOUT_FUNCTION std::uint32_t cell_key(const GridPlace& place, int side) {
    return static_cast<std::uint32_t>((place.z * side + place.y) * side + place.x);
}

LAYOUT_FUNCTION bool are_near(const GridPlace& a, const GridPlace& b) {
    return a.x - b.x <= 1 && b.x - a.x <= 1 && a.y - b.y <= 1 && b.y - a.y <= 1 && a.z - b.z <= 1 && b.z - a.z <= 1;
}

// Falls with the distance; `strength` is the product of both masses and the constant. Softened at short range.
LAYOUT_FUNCTION void add_repulsion(Vector& force, const Vector& at, const Vector& other, float strength) {
    const float x = at.x - other.x;
    const float y = at.y - other.y;
    const float z = at.z - other.z;
    const float scale = strength / (x * x + y * y + z * z + 0.25F);
    force.x += x * scale;
    force.y += y * scale;
    force.z += z * scale;
}

// Grows with the logarithm of the distance, which keeps groups apart better than a linear spring.
LAYOUT_FUNCTION void add_spring(Vector& force, const Vector& at, const Vector& other, float strength) {
    const float x = other.x - at.x;
    const float y = other.y - at.y;
    const float z = other.z - at.z;
    const float distance = std::sqrt(x * x + y * y + z * z) + 1e-3F;
    const float scale = strength * std::log1p(distance) / distance;
    force.x += x * scale;
    force.y += y * scale;
    force.z += z * scale;
}

LAYOUT_FUNCTION void add_springs(Vector& force, std::uint32_t node, const Vector& at, const NodeArrays& nodes,
                                 const EdgeArrays& edges, float spring) {
    for (std::int32_t edge = edges.row_offsets[node]; edge < edges.row_offsets[node + 1]; ++edge) {
        const std::int32_t other = edges.columns[edge];
        add_spring(force, at, {nodes.x[other], nodes.y[other], nodes.z[other]}, spring * edges.weights[edge]);
    }
}

LAYOUT_FUNCTION void add_gravity(Vector& force, const Vector& at, float mass, const LayoutSettings& settings) {
    const float distance = std::sqrt(at.x * at.x + at.y * at.y + at.z * at.z) + 1e-3F;
    const float scale = settings.gravity * mass * std::sqrt(distance) / distance;
    force.x -= at.x * scale;
    force.y -= at.y * scale;
    force.z -= at.z * scale + settings.flatness * mass * at.z;
}

// From the nodes of the own cell and of those around it.
LAYOUT_FUNCTION void add_near_repulsion(Vector& force, const Vector& at, float strength, const GridPlace& place,
                                        const GridArrays& grid) {
    const int side = static_cast<int>(grid.side);
    for (int z = place.z > 0 ? place.z - 1 : 0; z <= place.z + 1 && z < side; ++z) {
        for (int y = place.y > 0 ? place.y - 1 : 0; y <= place.y + 1 && y < side; ++y) {
            for (int x = place.x > 0 ? place.x - 1 : 0; x <= place.x + 1 && x < side; ++x) {
                const std::uint32_t key = cell_key({x, y, z}, side);
                for (std::uint32_t i = grid.starts[key]; i < grid.ends[key]; ++i) {
                    add_repulsion(force, at, {grid.sorted_x[i], grid.sorted_y[i], grid.sorted_z[i]},
                                  strength * grid.sorted_mass[i]);
                }
            }
        }
    }
}

LAYOUT_FUNCTION CellSummary summarize_cell(const GridArrays& grid, std::uint32_t key) {
    CellSummary sum{0.0F, 0.0F, 0.0F, 0.0F};
    for (std::uint32_t i = grid.starts[key]; i < grid.ends[key]; ++i) {
        sum.x += grid.sorted_mass[i] * grid.sorted_x[i];
        sum.y += grid.sorted_mass[i] * grid.sorted_y[i];
        sum.z += grid.sorted_mass[i] * grid.sorted_z[i];
        sum.mass += grid.sorted_mass[i];
    }
    if (sum.mass > 0.0F) {
        sum.x /= sum.mass;
        sum.y /= sum.mass;
        sum.z /= sum.mass;
    }
    return sum;
}

LAYOUT_FUNCTION void move_node(std::uint32_t i, const NodeArrays& nodes, const ForceArrays& forces,
                               const LayoutSettings& settings) {
    const float push = nodes.mobility[i] * settings.damping / nodes.mass[i];
    const Vector velocity{nodes.velocity_x[i] * settings.damping + forces.x[i] * push,
                          nodes.velocity_y[i] * settings.damping + forces.y[i] * push,
                          nodes.velocity_z[i] * settings.damping + forces.z[i] * push};
    const float speed = std::sqrt(velocity.x * velocity.x + velocity.y * velocity.y + velocity.z * velocity.z);
    const float scale = speed > settings.max_step ? settings.max_step / speed : 1.0F;
    nodes.next_velocity_x[i] = velocity.x * scale;
    nodes.next_velocity_y[i] = velocity.y * scale;
    nodes.next_velocity_z[i] = velocity.z * scale;
    nodes.next_x[i] = nodes.x[i] + velocity.x * scale;
    nodes.next_y[i] = nodes.y[i] + velocity.y * scale;
    nodes.next_z[i] = nodes.z[i] + velocity.z * scale;
}

}  // namespace package_map
