// What the run holds on the device, step by step.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gpu/dynamic_buffer_manager.hpp>
#include <utils/gpu_memory.hpp>

namespace package_map {

struct MemorySample {
    std::string step;
    std::size_t managed_bytes;
    std::size_t managed_buffers;
    std::size_t dynamic_bytes;
    std::size_t dynamic_used;
};

class MemoryLog {
  public:
    using Observer = std::function<void(const MemorySample&)>;

    explicit MemoryLog(const gpu::DynamicBufferManager& buffers, Observer observer = nullptr);

    void sample(const std::string& step);
    const std::vector<MemorySample>& samples() const noexcept { return samples_; }
    // The step at which most was held; empty before the first.
    std::string peak_step() const;
    // Managed bytes by the part of their names before the last dot.
    static std::map<std::string, std::size_t> bytes_by_group();

  private:
    const gpu::DynamicBufferManager& buffers_;
    Observer observer_;
    std::vector<MemorySample> samples_;
};

// Throws std::logic_error from `check()` where managed memory has grown since it was made.
class MemoryBalance {
  public:
    explicit MemoryBalance(std::string scope);
    void check() const;

  private:
    std::string scope_;
    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> before_;
};

void write_samples(std::ostream& out, const MemoryLog& log);

}  // namespace package_map
