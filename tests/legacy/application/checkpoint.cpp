#include "checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <istream>
#include <memory>
#include <ostream>
#include <tuple>

namespace package_map {

namespace {

constexpr std::array<char, 8> kMagic{'P', 'K', 'G', 'M', 'A', 'P', '0', '1'};

// The front of a device array that may be longer than what is in use.
template <typename T>
std::vector<T> front_of(const utils::DeviceBuffer<T>& array, std::size_t count) {
    std::vector<T> values(array.len());
    array.copy_to(values);
    values.resize(count);
    return values;
}

template <typename T>
void write_values(std::ostream& out, const std::vector<T>& values) {
    const auto count = static_cast<std::uint64_t>(values.size());
    out.write(reinterpret_cast<const char*>(&count), sizeof count);
    out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
}

template <typename T>
std::vector<T> read_values(std::istream& in, std::size_t expected) {
    std::uint64_t count = 0;
    in.read(reinterpret_cast<char*>(&count), sizeof count);
    if (!in || count != expected) {
        throw CheckpointError("a checkpoint has " + std::to_string(count) + " values where " +
                              std::to_string(expected) + " belong");
    }
    std::vector<T> values(expected);
    in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(expected * sizeof(T)));
    if (!in) {
        throw CheckpointError("a checkpoint ends early");
    }
    return values;
}

// Applies `visit` to x, y and z of a set of vectors, whichever they are.
template <typename Vectors, typename Visit>
void each_axis(Vectors&& vectors, Visit&& visit) {
    visit(std::get<0>(vectors));
    visit(std::get<1>(vectors));
    visit(std::get<2>(vectors));
}

}  // namespace

bool operator==(const Checkpoint& a, const Checkpoint& b) {
    const auto tied = [](const Checkpoint& c) {
        return std::tie(c.nodes, c.edges, c.positions, c.velocities, c.masses, c.offsets, c.columns, c.weights);
    };
    return tied(a) == tied(b);
}

Checkpoint take_checkpoint(utils::UnifiedGPUCompute& compute) {
    compute.stream().synchronize();
    Checkpoint checkpoint;
    checkpoint.nodes = compute.num_nodes;
    checkpoint.edges = compute.num_edges;
    checkpoint.positions = compute.get_node_positions();
    checkpoint.velocities = compute.get_node_velocities();
    checkpoint.masses = front_of(compute.mass, checkpoint.nodes);
    checkpoint.offsets = front_of(compute.edge_row_offsets, checkpoint.nodes + 1);
    checkpoint.columns = front_of(compute.edge_col_indices, checkpoint.edges);
    checkpoint.weights = front_of(compute.edge_weights, checkpoint.edges);
    return checkpoint;
}

void restore_checkpoint(utils::UnifiedGPUCompute& compute, const Checkpoint& checkpoint) {
    compute.resize_buffers(checkpoint.nodes, std::max(checkpoint.edges, compute.num_edges));
    const auto& [x, y, z] = checkpoint.positions;
    compute.upload_positions(x, y, z);
    std::apply([&](const auto&... axes) { compute.upload_velocities(axes...); }, checkpoint.velocities);
    compute.upload_edges_csr(checkpoint.offsets, checkpoint.columns, checkpoint.weights);
    std::vector<float> masses = checkpoint.masses;
    masses.resize(compute.mass.len(), 1.0F);
    compute.mass.copy_from(masses);
}

void write_checkpoint(std::ostream& out, const Checkpoint& checkpoint) {
    out.write(kMagic.data(), kMagic.size());
    const std::uint64_t sizes[] = {checkpoint.nodes, checkpoint.edges};
    out.write(reinterpret_cast<const char*>(sizes), sizeof sizes);
    const auto write = [&](const auto& values) { write_values(out, values); };
    each_axis(checkpoint.positions, write);
    each_axis(checkpoint.velocities, write);
    write(checkpoint.masses);
    write(checkpoint.offsets);
    write(checkpoint.columns);
    write(checkpoint.weights);
}

Checkpoint read_checkpoint(std::istream& in) {
    std::array<char, 8> magic{};
    std::uint64_t sizes[2] = {};
    in.read(magic.data(), magic.size());
    in.read(reinterpret_cast<char*>(sizes), sizeof sizes);
    if (!in || magic != kMagic) {
        throw CheckpointError("these are not the bytes of a checkpoint");
    }
    Checkpoint checkpoint;
    checkpoint.nodes = static_cast<std::size_t>(sizes[0]);
    checkpoint.edges = static_cast<std::size_t>(sizes[1]);
    const auto read = [&](std::vector<float>& values) { values = read_values<float>(in, checkpoint.nodes); };
    each_axis(checkpoint.positions, read);
    each_axis(checkpoint.velocities, read);
    read(checkpoint.masses);
    checkpoint.offsets = read_values<std::int32_t>(in, checkpoint.nodes + 1);
    checkpoint.columns = read_values<std::int32_t>(in, checkpoint.edges);
    checkpoint.weights = read_values<float>(in, checkpoint.edges);
    return checkpoint;
}

std::size_t prove_checkpoint(utils::UnifiedGPUCompute& compute, const std::string& path) {
    const Checkpoint taken = take_checkpoint(compute);
    {
        std::ofstream file(path, std::ios::binary);
        write_checkpoint(file, taken);
        if (!file.flush()) {
            throw CheckpointError("cannot write '" + path + "'");
        }
    }
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto bytes = static_cast<std::size_t>(file.tellg());
    file.seekg(0);
    const Checkpoint read = read_checkpoint(file);
    const auto other = std::make_unique<utils::UnifiedGPUCompute>(taken.nodes / 3, 1);
    restore_checkpoint(*other, read);
    if (!(take_checkpoint(*other) == taken)) {
        throw CheckpointError("a restored layout is not the one that was saved");
    }
    return bytes;
}

}  // namespace package_map
