#include "summary.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iomanip>
#include <map>
#include <sstream>

#include "utils/gpu_memory.hpp"

namespace package_map {

namespace {

using BufferTable = std::vector<gpu::BufferStats>;

// FNV-1a over the bytes of the values.
std::uint64_t checksum(const std::vector<float>& values, std::uint64_t hash) {
    for (const float value : values) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof(bits));
        for (unsigned shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ ((bits >> shift) & 0xFFU)) * 1099511628211U;
        }
    }
    return hash;
}

void describe_axis(std::ostream& out, const char* axis, const std::vector<float>& values) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    out << "  " << axis << " from " << *least << " to " << *most << "\n";
}

void describe_layout(std::ostream& out, const utils::NodeVectors& positions) {
    const auto& [x, y, z] = positions;
    out << "bounding box\n";
    describe_axis(out, "x", x);
    describe_axis(out, "y", y);
    describe_axis(out, "z", z);
    const std::uint64_t hash = checksum(z, checksum(y, checksum(x, 14695981039346656037U)));
    out << "layout checksum " << std::hex << hash << std::dec << "\n";
}

void describe_buffers(std::ostream& out, const gpu::DynamicBufferManager& buffers) {
    BufferTable all = buffers.get_all_stats();
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    out << "grid buffers (name, capacity, used, utilization)\n";
    for (const auto& stats : all) {
        out << "  " << std::left << std::setw(16) << stats.name << std::right << std::setw(10) << stats.capacity_bytes
            << std::setw(10) << stats.used_bytes << std::setw(8) << stats.utilization << "\n";
    }
    out << "  in all " << buffers.get_total_allocation()
        << " bytes, room for 1 GiB more: " << (buffers.can_allocate(std::size_t{1} << 30) ? "yes" : "no") << "\n";
}

void describe_viewers(std::ostream& out, const LayoutReport& report) {
    const auto& [frames, bytes, last_nodes, last_reach] = report.viewers;
    out << "viewers got " << frames << " frames in " << bytes << " bytes, the last zoomed one of " << last_nodes
        << " packages, none farther than " << last_reach << "\n";
    out << "moving packages at " << report.moving_speed << ", checkpoint of " << report.checkpoint_bytes << " bytes, "
        << report.refused_calls << " calls refused\nrings";
    for (const float share : report.rings) {
        out << " " << share;
    }
    out << "\n";
}

void describe_detail(std::ostream& out, const LevelOfDetail& detail) {
    for (const std::string& name : detail.names()) {
        const auto centre = detail.centre_of(name);
        out << "detail " << name << ": " << detail.find(name)->groups() << " groups around " << centre.first << ", "
            << centre.second << "\n";
    }
    const Level* const coarsest = detail.coarsest(2);
    out << "  in " << detail.device_bytes() << " bytes, the coarsest has "
        << (coarsest == nullptr ? 0 : coarsest->groups()) << " groups\n";
}

void describe_usage(std::ostream& out) {
    const auto [total, by_name] = utils::get_gpu_memory_usage();
    const std::map<std::string, std::size_t> sorted(by_name.begin(), by_name.end());
    out << "managed buffers\n";
    for (const auto& [name, bytes] : sorted) {
        out << "  " << std::left << std::setw(24) << name << std::right << std::setw(10) << bytes << "\n";
    }
    out << "  in all " << total << " bytes\n";
}

}  // namespace

std::string summary_text(const PackageGraph& graph, const LayoutReport& report, const LayoutCompanions& companions,
                         const gpu::DynamicBufferManager& buffers) {
    LayoutAnalysis& analysis = companions.analysis;
    std::ostringstream out;
    out << std::fixed << std::setprecision(3);
    const Labels communities = analysis.communities();
    out << "packages " << graph.nodes.size() << "\ndependencies " << graph.edges.size() << "\nmean degree "
        << analysis.mean_degree() << "\ncommunities "
        << 1 + (communities.empty() ? -1 : *std::max_element(communities.begin(), communities.end())) << "\n";
    out << "stages (packages, dependencies, mean speed at the end)\n";
    for (const auto& stage : report.stages) {
        out << "  " << stage.nodes << " " << stage.edges << " " << stage.mean_speed << "\n";
    }
    describe_layout(out, report.positions);
    out << "mean edge length " << analysis.mean_edge_length() << ", measured in " << analysis.edge_kibibytes()
        << " KiB\n";
    for (const auto& [name, radius] : analysis.mean_radius_by_stage()) {
        out << "mean " << name << " " << radius << "\n";
    }
    out << "trail of " << report.trail_samples << " samples in " << report.trail_bytes << " bytes, mean way "
        << report.mean_way << "\n";
    out << "engine: " << report.bytes_used << " bytes used, utilization " << report.utilization << ", "
        << report.resizes << " resizes\n";
    describe_viewers(out, report);
    describe_detail(out, companions.detail);
    describe_buffers(out, buffers);
    describe_usage(out);
    write_samples(out, companions.memory);
    const auto [hits, misses, rate] = analysis.cache_stats();
    out << "label cache: " << hits << " hits, " << misses << " misses, rate " << rate << "\n";
    return out.str();
}

std::string leak_text() {
    std::vector<std::string> leaks = utils::check_gpu_memory_leaks();
    std::sort(leaks.begin(), leaks.end());
    std::string text = "leaks " + std::to_string(leaks.size()) + "\n";
    for (const std::string& name : leaks) {
        text += "  " + name + "\n";
    }
    return text;
}

std::string times_json(const RunTimes& times, const PackageGraph& graph, const LayoutReport& report,
                       std::size_t frames) {
    std::ostringstream out;
    out << "{\n  \"nodes\": " << graph.nodes.size() << ",\n  \"edges\": " << graph.edges.size()
        << ",\n  \"frames\": " << frames << ",\n  \"kernels\": \"" << report.kernels << "\",\n  \"seconds\": {";
    double frame_seconds = 0.0;
    const char* separator = "\n";
    for (const auto& [step, seconds] : times.steps()) {
        out << separator << "    \"" << step << "\": " << std::setprecision(6) << seconds;
        separator = ",\n";
        frame_seconds = step == "frames" ? seconds : frame_seconds;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    out << "\n  },\n  \"seconds_per_frame\": " << frame_seconds / static_cast<double>(frames)
        << ",\n  \"peak_resident_kib\": " << usage.ru_maxrss << ",\n  \"device_bytes_in_use\": " << report.device_bytes
        << "\n}\n";
    return out.str();
}

}  // namespace package_map
