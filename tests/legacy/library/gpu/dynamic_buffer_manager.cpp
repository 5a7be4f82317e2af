#include "gpu/dynamic_buffer_manager.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "device/log.hpp"

namespace gpu {

namespace {

constexpr std::size_t kLimitBytes = std::size_t{6} * 1024 * 1024 * 1024;
constexpr std::size_t kSmallestSide = 8;
constexpr std::size_t kLargestSide = 2642245;  // its cube is the last one below 2^64

// The least side whose cube is at least `num_nodes`; rounding of the cube root is put right in integers.
std::size_t grid_side(std::size_t num_nodes) {
    auto side = static_cast<std::size_t>(std::cbrt(static_cast<double>(num_nodes)));
    while (side > 0 && (side - 1) * (side - 1) * (side - 1) >= num_nodes) {
        --side;
    }
    while (side < kLargestSide && side * side * side < num_nodes) {
        ++side;
    }
    return std::max(kSmallestSide, side);
}

}  // namespace

struct DynamicBufferManager::Impl {
    std::shared_ptr<utils::CudaErrorHandler> error_handler;
    std::unordered_map<std::string, DynamicGpuBuffer> buffers;
    std::size_t total_allocation = 0;

    void refresh_total() {
        total_allocation = 0;
        for (const auto& entry : buffers) {
            total_allocation += entry.second.capacity_bytes();
        }
        if (total_allocation > kLimitBytes) {
            legacy::log_warning("GPU buffers hold " + std::to_string(total_allocation) +
                                " bytes, more than the limit of " + std::to_string(kLimitBytes));
        }
    }
};

DynamicBufferManager::DynamicBufferManager(std::shared_ptr<utils::CudaErrorHandler> error_handler)
    : impl_(new Impl{std::move(error_handler), {}, 0}) {}

DynamicBufferManager::~DynamicBufferManager() { delete impl_; }

DynamicGpuBuffer& DynamicBufferManager::get_or_create_buffer(const std::string& name, const BufferConfig& config) {
    const auto found = impl_->buffers.find(name);
    if (found != impl_->buffers.end()) {
        return found->second;
    }
    return impl_->buffers.emplace(name, DynamicGpuBuffer(name, config, impl_->error_handler)).first->second;
}

void DynamicBufferManager::resize_cell_buffers(std::size_t num_nodes) {
    const std::size_t side = grid_side(num_nodes);
    const std::size_t cells = side * side * side;

    struct Request {
        const char* name;
        BufferConfig config;
        std::size_t elements;
    };
    const BufferConfig positions = BufferConfig::for_positions();
    const BufferConfig velocities = BufferConfig::for_velocities();
    const BufferConfig forces = BufferConfig::for_forces();
    const BufferConfig grid = BufferConfig::for_grid_cells();
    const std::array<Request, 13> requests{{
        {"pos_x", positions, num_nodes},
        {"pos_y", positions, num_nodes},
        {"pos_z", positions, num_nodes},
        {"vel_x", velocities, num_nodes},
        {"vel_y", velocities, num_nodes},
        {"vel_z", velocities, num_nodes},
        {"force_x", forces, num_nodes},
        {"force_y", forces, num_nodes},
        {"force_z", forces, num_nodes},
        {"cell_keys", grid, num_nodes},
        {"sorted_indices", grid, num_nodes},
        {"cell_start", grid, cells},
        {"cell_end", grid, cells},
    }};
    // One after the other: a failure leaves those before it grown, with their contents.
    for (const Request& request : requests) {
        get_or_create_buffer(request.name, request.config).ensure_capacity(request.elements);
    }
    impl_->refresh_total();
}

std::vector<BufferStats> DynamicBufferManager::get_all_stats() const {
    std::vector<BufferStats> stats;
    stats.reserve(impl_->buffers.size());
    for (const auto& entry : impl_->buffers) {
        stats.push_back(entry.second.get_stats());
    }
    return stats;
}

std::size_t DynamicBufferManager::get_total_allocation() const noexcept { return impl_->total_allocation; }

bool DynamicBufferManager::can_allocate(std::size_t additional_bytes) const noexcept {
    const std::size_t total = impl_->total_allocation;
    return total <= kLimitBytes && additional_bytes <= kLimitBytes - total;
}

void DynamicBufferManager::cleanup_unused_buffers() {
    for (auto entry = impl_->buffers.begin(); entry != impl_->buffers.end();) {
        const bool unused = entry->second.is_allocated() && entry->second.size_bytes() == 0;
        entry = unused ? impl_->buffers.erase(entry) : std::next(entry);
    }
    impl_->refresh_total();
}

}  // namespace gpu
