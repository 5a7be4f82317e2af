#include "memory_log.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <stdexcept>

namespace package_map {

namespace memory = utils;

namespace {

// One row of the report: a figure of a buffer and how it is read.
struct Figure {
    const char* name;
    std::size_t (*value)(const gpu::BufferStats& stats);
};

constexpr Figure kFigures[] = {
    {"capacity", [](const gpu::BufferStats& stats) { return stats.capacity_bytes; }},
    {"used", [](const gpu::BufferStats& stats) { return stats.used_bytes; }},
};

std::size_t sum_of(const std::vector<gpu::BufferStats>& stats, const Figure& figure) {
    return std::accumulate(stats.begin(), stats.end(), std::size_t{0},
                           [&](std::size_t sum, const auto& each) { return sum + figure.value(each); });
}

std::string group_of(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(0, dot);
}

std::size_t held(const MemorySample& sample) { return sample.managed_bytes + sample.dynamic_bytes; }

}  // namespace

MemoryLog::MemoryLog(const gpu::DynamicBufferManager& buffers, Observer observer)
    : buffers_(buffers), observer_(std::move(observer)) {}

void MemoryLog::sample(const std::string& step) {
    const auto usage = memory::get_gpu_memory_usage();
    const auto stats = buffers_.get_all_stats();
    samples_.push_back(
        {step, usage.first, usage.second.size(), sum_of(stats, kFigures[0]), sum_of(stats, kFigures[1])});
    if (observer_) {
        observer_(samples_.back());
    }
}

std::string MemoryLog::peak_step() const {
    const auto peak = std::max_element(samples_.begin(), samples_.end(),
                                       [](const auto& a, const auto& b) { return held(a) < held(b); });
    return peak == samples_.end() ? "" : peak->step;
}

std::map<std::string, std::size_t> MemoryLog::bytes_by_group() {
    std::map<std::string, std::size_t> groups;
    for (const auto& [name, bytes] : memory::get_gpu_memory_usage().second) {
        groups[group_of(name)] += bytes;
    }
    return groups;
}

MemoryBalance::MemoryBalance(std::string scope) : scope_(std::move(scope)), before_(memory::get_gpu_memory_usage()) {}

void MemoryBalance::check() const {
    const auto [bytes, by_name] = memory::get_gpu_memory_usage();
    if (bytes <= before_.first) {
        return;
    }
    std::string grown;
    for (const auto& entry : by_name) {
        const auto known = before_.second.find(entry.first);
        if (known == before_.second.end() || known->second < entry.second) {
            grown += " " + entry.first;
        }
    }
    throw std::logic_error(scope_ + " holds more than at its start:" + grown);
}

void write_samples(std::ostream& out, const MemoryLog& log) {
    out << "device memory (step, managed bytes, buffers, dynamic bytes, used)\n";
    for (const MemorySample& sample : log.samples()) {
        out << "  " << sample.step << " " << sample.managed_bytes << " " << sample.managed_buffers << " "
            << sample.dynamic_bytes << " " << sample.dynamic_used << "\n";
    }
    out << "  most at " << log.peak_step() << "\n";
    for (const auto& [group, bytes] : MemoryLog::bytes_by_group()) {
        out << "  group " << group << " " << bytes << "\n";
    }
}

}  // namespace package_map
