// SPDX-License-Identifier: Apache-2.0
#include "gpu/dynamic_buffer_manager.hpp"

#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <triune/base/log.hpp>
#include <triune/graph/cell_buffers.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth_set.hpp>

#include "core_memory.hpp"
#include "growing_buffer.hpp"
#include "legacy_error.hpp"

namespace gpu {

namespace compat = triune::compat;

namespace {

bool equal(const BufferConfig& a, const BufferConfig& b) noexcept {
    return a.bytes_per_node == b.bytes_per_node && a.growth_factor == b.growth_factor &&
           a.max_size_bytes == b.max_size_bytes && a.min_size_bytes == b.min_size_bytes;
}

}  // namespace

struct DynamicBufferManager::Impl {
    std::shared_ptr<utils::CudaErrorHandler> error_handler;
    std::shared_ptr<compat::Holdings> holdings = std::make_shared<compat::Holdings>();
    std::unordered_map<std::string, DynamicGpuBuffer> buffers;

    explicit Impl(std::shared_ptr<utils::CudaErrorHandler> handler) : error_handler(std::move(handler)) {}

    DynamicGpuBuffer& make(const std::string& name, const BufferConfig& config) {
        DynamicGpuBuffer& made = buffers.emplace(name, DynamicGpuBuffer(name, config, error_handler)).first->second;
        compat::behind(made).holdings = holdings;
        return made;
    }
};

DynamicBufferManager::DynamicBufferManager(std::shared_ptr<utils::CudaErrorHandler> error_handler)
    : impl_(compat::with_runtime_errors([&] { return new Impl(std::move(error_handler)); })) {}

DynamicBufferManager::~DynamicBufferManager() { delete impl_; }

DynamicGpuBuffer& DynamicBufferManager::get_or_create_buffer(const std::string& name, const BufferConfig& config) {
    return compat::with_runtime_errors([&]() -> DynamicGpuBuffer& {
        const auto known = impl_->buffers.find(name);
        if (known == impl_->buffers.end()) return impl_->make(name, config);
        if (!equal(compat::behind(known->second).config, config)) {
            triune::log::warn("get_or_create_buffer: '" + name + "' exists already and keeps its own config");
        }
        return known->second;
    });
}

void DynamicBufferManager::resize_cell_buffers(std::size_t num_nodes) {
    const auto grow = [&](triune::Shortage& shortage) {
        const std::size_t side = triune::grid_side(num_nodes);
        const std::size_t cells = side * side * side;
        std::vector<const char*> made;
        std::vector<compat::GrowingBuffer*> grown;
        made.reserve(triune::cell_buffers.size());
        grown.reserve(triune::cell_buffers.size());
        const compat::DrawnTogether drawn(triune::default_manager().core());
        std::optional<triune::GrowthSet> growths;
        growths.emplace(drawn.resources(), triune::StreamOrder::after_all(), triune::cell_buffers.size(),
                        shortage);
        try {
            for (const triune::CellBuffer& cell : triune::cell_buffers) {
                auto known = impl_->buffers.find(cell.name);
                if (known == impl_->buffers.end()) {
                    const triune::BufferConfig& preset = cell.config;
                    made.push_back(cell.name);
                    impl_->make(cell.name, {preset.bytes_per_element, preset.growth_factor, preset.max_size_bytes,
                                            preset.min_size_bytes});
                    known = impl_->buffers.find(cell.name);
                }
                compat::GrowingBuffer& buffer = compat::behind(known->second);
                const std::size_t bytes = buffer.bytes_of(cell.per_cell ? cells : num_nodes);
                growths->require(*buffer.state, bytes);
                grown.push_back(&buffer);
            }
            growths->finish();
        } catch (...) {
            growths.reset();
            for (const char* name : made) impl_->buffers.erase(name);
            throw;
        }
        growths->commit();
        for (compat::GrowingBuffer* buffer : grown) buffer->note_growth();
    };
    compat::with_runtime_errors([&] { triune::Shortage::retry(grow); });
}

std::vector<BufferStats> DynamicBufferManager::get_all_stats() const {
    return compat::with_runtime_errors([&] {
        std::vector<BufferStats> stats;
        stats.reserve(impl_->buffers.size());
        for (const auto& [name, buffer] : impl_->buffers) stats.push_back(buffer.get_stats());
        return stats;
    });
}

std::size_t DynamicBufferManager::get_total_allocation() const noexcept { return impl_->holdings->capacities.total(); }

bool DynamicBufferManager::can_allocate(std::size_t additional_bytes) const noexcept {
    const std::size_t total = impl_->holdings->capacities.total();
    constexpr std::size_t limit = compat::Holdings::limit_bytes;
    return total <= limit && additional_bytes <= limit - total;
}

void DynamicBufferManager::cleanup_unused_buffers() {
    for (auto entry = impl_->buffers.begin(); entry != impl_->buffers.end();) {
        const bool unused = entry->second.is_allocated() && entry->second.size_bytes() == 0;
        entry = unused ? impl_->buffers.erase(entry) : std::next(entry);
    }
}

}  // namespace gpu
