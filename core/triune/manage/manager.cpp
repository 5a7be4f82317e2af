#include <triune/manage/manager.hpp>

#include <algorithm>
#include <limits>

#include <triune/base/log.hpp>
#include <triune/device/devices.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/track/type_name.hpp>

namespace triune {

GpuMemoryManager::GpuMemoryManager() : GpuMemoryManager(current_device()) {}

GpuMemoryManager::GpuMemoryManager(Device& device, std::size_t limit_bytes)
    : core_(std::make_shared<ManagerCore>(DeviceResources::of(device), limit_bytes)) {}

GpuMemoryManager GpuMemoryManager::with_limit(std::size_t limit_bytes) {
    return GpuMemoryManager(current_device(), limit_bytes);
}

// The hook may know this manager, and owners that outlive it may still grow.
GpuMemoryManager::~GpuMemoryManager() {
    core_->set_failure_hook({});
    for (const auto& [name, buffer] : named_) buffer->free(StreamOrder::after_all());
}

BufferConfig GpuMemoryManager::unbounded() noexcept {
    BufferConfig config;
    config.max_size_bytes = std::numeric_limits<std::size_t>::max();
    return config;
}

// A buffer in the books, with `count` elements.
std::shared_ptr<BufferState> GpuMemoryManager::owned(BufferDescription description, std::size_t count,
                                                     StreamOrder order) {
    std::size_t bytes = 0;
    if (!multiply(count, description.element_size, bytes)) {
        throw invalid_argument("'" + description.name.value_or("(unnamed)") + "': " + std::to_string(count) +
                               " elements of " + std::to_string(description.element_size) +
                               " bytes are more than memory can hold");
    }
    auto buffer = std::make_shared<BufferState>(core_, std::move(description));
    buffer->enter_books();
    if (bytes > 0) buffer->allocate_exactly(bytes, order);
    return buffer;
}

// Allocates unlocked, so that a failure hook may use the manager; of two threads that make one name at once the first
// to enter it wins, and the other gets that buffer.
std::shared_ptr<BufferState> GpuMemoryManager::named(std::string_view name, BufferDescription description,
                                                     std::size_t count, StreamOrder order) {
    const std::type_info* const type = description.type;
    for (;;) {
        if (!contains(name)) {
            auto made = owned(description, count, order);
            const std::lock_guard lock(mutex_);
            const auto [entry, entered] = named_.try_emplace(std::string(name), made);
            if (entered) return made;
        }
        try {
            auto known = find(name, type);
            log::warn("allocate: '" + std::string(name) + "' exists already; the existing buffer is returned");
            return known;
        } catch (const buffer_not_found&) {  // freed by another thread since: make it after all
        }
    }
}

UntypedHandle GpuMemoryManager::get_or_create(std::string_view name, const BufferConfig& config,
                                              std::source_location where) {
    for (;;) {
        if (!contains(name)) {
            auto made =
                owned({std::string(name), OwnerKind::untyped, nullptr, config.bytes_per_element, config, true, where},
                      0, StreamOrder::after_all());
            const std::lock_guard lock(mutex_);
            const auto [entry, entered] = named_.try_emplace(std::string(name), made);
            if (entered) return UntypedHandle(std::move(made));
        }
        try {
            auto known = find(name, nullptr);
            if (known->description().config != config) {
                log::warn("get_or_create: '" + std::string(name) + "' exists already and keeps its own config");
            }
            return UntypedHandle(std::move(known));
        } catch (const buffer_not_found&) {  // as above
        }
    }
}

UntypedBuffer GpuMemoryManager::make_untyped(std::string_view name, const BufferConfig& config,
                                             std::source_location where) {
    return UntypedBuffer(
        owned({std::string(name), OwnerKind::untyped, nullptr, config.bytes_per_element, config, true, where}, 0,
              StreamOrder::after_all()));
}

bool GpuMemoryManager::contains(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return named_.contains(std::string(name));
}

std::shared_ptr<BufferState> GpuMemoryManager::find(std::string_view name, const std::type_info* type) const {
    const std::lock_guard lock(mutex_);
    const auto found = named_.find(std::string(name));
    if (found == named_.end()) throw buffer_not_found("no buffer is called '" + std::string(name) + "'");
    const std::type_info* const actual = found->second->description().type;
    const bool same = type == actual || (type != nullptr && actual != nullptr && *type == *actual);
    if (!same) {
        const auto called = [](const std::type_info* of) {
            return of ? readable_type_name(*of) : std::string("untyped");
        };
        throw type_mismatch("'" + std::string(name) + "' is " + called(actual) + ", not " + called(type));
    }
    return found->second;
}

std::shared_ptr<BufferState> GpuMemoryManager::remove(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = named_.find(std::string(name));
    if (found == named_.end()) throw buffer_not_found("no buffer is called '" + std::string(name) + "' to be freed");
    auto buffer = std::move(found->second);
    named_.erase(found);
    return buffer;
}

void GpuMemoryManager::free(std::string_view name) { remove(name)->free(StreamOrder::after_all()); }

void GpuMemoryManager::free(std::string_view name, StreamHandle stream) { remove(name)->free(StreamOrder::on(stream)); }

std::size_t GpuMemoryManager::free_unused() {
    std::vector<std::shared_ptr<BufferState>> unused;
    {
        const std::lock_guard lock(mutex_);
        unused.reserve(named_.size());
        std::erase_if(named_, [&](const auto& entry) {
            const bool empty = entry.second->capacity_bytes() > 0 && entry.second->size_bytes() == 0;
            const bool drop = empty && !entry.second->growing();
            if (drop) unused.push_back(entry.second);
            return drop;
        });
    }
    for (const auto& buffer : unused) buffer->free(StreamOrder::after_all());
    return unused.size();
}

void GpuMemoryManager::trim() noexcept { core_->resources->trim(); }

Device& GpuMemoryManager::device() const noexcept { return core_->resources->device; }

bool GpuMemoryManager::can_allocate(std::size_t bytes) const noexcept { return bytes <= core_->memory.room(); }

Statistics GpuMemoryManager::stats() const {
    Statistics stats;
    stats.total_allocated_bytes = core_->allocated.total();
    // Another thread may have raised the total and not yet the peak.
    stats.peak_allocated_bytes = std::max(core_->allocated.peak(), stats.total_allocated_bytes);
    stats.buffer_count = core_->live_buffers().size();
    stats.allocation_count = core_->counters.allocations.load(std::memory_order_relaxed);
    stats.resize_count = core_->counters.resizes.load(std::memory_order_relaxed);
    stats.async_transfer_count = core_->counters.async_transfers.load(std::memory_order_relaxed);
    stats.buffer_stats = buffer_stats();
    return stats;
}

std::vector<BufferStats> GpuMemoryManager::buffer_stats() const {
    std::vector<BufferStats> all;
    for (const auto& buffer : core_->live_buffers()) {
        if (!buffer->description().name) continue;
        try {
            all.push_back(buffer->stats());
        } catch (const stale_handle&) {  // freed since the list was made
        }
    }
    return all;
}

std::vector<AllocationRecord> GpuMemoryManager::check_leaks(Registry::Filter filter) const {
    return core_->registry.records(filter);
}

std::vector<std::string> GpuMemoryManager::report_leaks() const {
    std::vector<std::string> names;
    for (const AllocationRecord& record : check_leaks()) {
        log::error("still allocated: " + record.describe());
        names.push_back(*record.name);
    }
    return names;
}

std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> GpuMemoryManager::usage_by_name() const {
    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> usage{0, {}};
    for (const AllocationRecord& record : check_leaks()) {
        usage.first += record.bytes;
        usage.second[*record.name] += record.bytes;
    }
    return usage;
}

}  // namespace triune
