// The new interface as far as migrated code can meet it: declarations only, for parsing what the rewriter wrote.
// The real header takes its place in the tests that build against the core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace triune {

class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
    const std::error_code& code() const noexcept;
    int cuda_error() const noexcept;
};

class Stream {
  public:
    Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    ~Stream();
    void synchronize() const;
    void* handle() const noexcept;
};

class StreamSet {
  public:
    const Stream& compute() const noexcept;
    const Stream& memory() const noexcept;
    const Stream& analysis() const noexcept;
    const Stream& next();
    void synchronize() const;
    std::future<void> synchronize_async() const;
};

class LabelCache {
  public:
    using Labels = std::vector<std::int32_t>;
    LabelCache();
    LabelCache(const LabelCache&) = delete;
    LabelCache& operator=(const LabelCache&) = delete;
    Labels get_or_compute(const Labels& labels, const std::function<Labels(const Labels&)>& compute);
    std::tuple<std::uint64_t, std::uint64_t, double> stats() const;
};

struct BufferConfig {
    std::size_t bytes_per_element = 4;
    float growth_factor = 1.5F;
    std::size_t max_size_bytes = std::size_t{1} << 30;
    std::size_t min_size_bytes = 4096;
    bool enable_async = true;
    bool stable_address = false;
    static BufferConfig for_positions();
    static BufferConfig for_velocities();
    static BufferConfig for_forces();
    static BufferConfig for_edges();
    static BufferConfig for_grid_cells();
};

struct BufferStats {
    std::string name;
    std::size_t capacity_bytes;
    std::size_t allocated_bytes;
    float utilization;
    double age_seconds;
    double last_access_seconds;
};

class UntypedHandle {
  public:
    void reserve(std::size_t elements) const;
    void* data() const;
    void set_size_bytes(std::size_t bytes) const;
    std::size_t capacity_bytes() const;
    std::size_t size_bytes() const;
    bool is_allocated() const;
    const std::string& name() const;
    BufferStats stats() const;
};

class UntypedBuffer : public UntypedHandle {
  public:
    UntypedBuffer(UntypedBuffer&&) noexcept;
    UntypedBuffer& operator=(UntypedBuffer&&) noexcept;
    ~UntypedBuffer();
};

template <typename T>
class BufferHandle {
  public:
    T* data() const;
    std::size_t size() const;
    bool empty() const;
    void upload(const std::vector<T>& values);
    void download(std::vector<T>& values) const;
    const std::string& name() const;
    std::size_t size_bytes() const;
};

template <typename T>
class Buffer : public BufferHandle<T> {
  public:
    Buffer() noexcept;
    Buffer(Buffer&&) noexcept;
    Buffer& operator=(Buffer&&) noexcept;
    ~Buffer();
    static Buffer zeroed(std::size_t count);
    static Buffer filled(std::size_t count, const T& value);
    static Buffer from_host(const std::vector<T>& values);
};

class GpuMemoryManager {
  public:
    GpuMemoryManager();
    GpuMemoryManager(const GpuMemoryManager&) = delete;
    GpuMemoryManager& operator=(const GpuMemoryManager&) = delete;
    ~GpuMemoryManager();
    template <typename T>
    Buffer<T> make_buffer(const std::string& name, std::size_t count);
    template <typename T>
    Buffer<T> make_buffer_from(const std::string& name, const std::vector<T>& values);
    UntypedBuffer make_untyped(const std::string& name, const BufferConfig& config);
    UntypedHandle get_or_create(const std::string& name, const BufferConfig& config);
    std::vector<std::string> report_leaks() const;
    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> usage_by_name() const;
    std::vector<BufferStats> buffer_stats() const;
    std::size_t total_allocated_bytes() const noexcept;
    bool can_allocate(std::size_t additional_bytes) const noexcept;
    void free_unused();
};

GpuMemoryManager& default_manager();
void resize_cell_buffers(GpuMemoryManager& manager, std::size_t num_nodes);

using NodeVectors = std::tuple<std::vector<float>, std::vector<float>, std::vector<float>>;

class NodeViews {
  public:
    NodeVectors to_vectors() const;
};

class GraphArrays {
  public:
    GraphArrays(std::size_t num_nodes, std::size_t num_edges);
    virtual ~GraphArrays();
    GraphArrays(const GraphArrays&) = delete;
    GraphArrays& operator=(const GraphArrays&) = delete;

    Buffer<float> pos_in_x, pos_in_y, pos_in_z, vel_in_x, vel_in_y, vel_in_z;
    Buffer<float> pos_out_x, pos_out_y, pos_out_z, vel_out_x, vel_out_y, vel_out_z, mass;
    Buffer<std::int32_t> edge_row_offsets, edge_col_indices;
    Buffer<float> edge_weights;
    std::size_t num_nodes;
    std::size_t num_edges;

    const Stream& stream() const noexcept;
    void swap_buffers() noexcept;
    void resize(std::size_t nodes, std::size_t edges);
    void upload_positions(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z);
    void upload_velocities(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z);
    void upload_edges(const std::vector<std::int32_t>& offsets, const std::vector<std::int32_t>& columns,
                      const std::vector<float>& weights);
    NodeVectors download_positions();
    NodeVectors download_velocities();
    NodeViews latest_positions();
    NodeViews latest_velocities();
    void start_positions_download();
    void start_velocities_download();
    NodeViews wait_for_positions();
    NodeViews wait_for_velocities();
    void wait_for_downloads();
    std::tuple<std::size_t, float, std::size_t> memory_metrics() const;
};

}  // namespace triune
