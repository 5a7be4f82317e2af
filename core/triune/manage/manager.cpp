// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/manager.hpp>

#include <limits>
#include <new>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/detail/manage/element_bytes.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/manager_snapshot.hpp>
#include <triune/detail/manage/process_report.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/track/near_name.hpp>
#include <triune/detail/track/type_name.hpp>
#include <triune/device/devices.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

// Only buffers are entered under a name.
BufferState& state_of(TrackedAllocation& allocation) { return static_cast<BufferState&>(allocation); }

BufferDescription untyped(const BufferConfig& config, CallSite where) {
    return {{OwnerKind::untyped, nullptr, where}, config.bytes_per_element, config, true};
}

void check_type(const NameKey& name, const SharedDescription& actual, const std::type_info* type) {
    if (actual.has_type(type)) return;
    const auto called = [](const std::type_info* of) { return of ? readable_type_name(*of) : std::string("untyped"); };
    throw type_mismatch("'" + std::string(name.text) + "' is " + called(actual.type) + ", not " + called(type));
}

}  // namespace

// Null where there is none. Throws type_mismatch.
inline BufferReference GpuMemoryManager::known(const NameKey& name, const std::type_info* type) const {
    auto found = boost::static_pointer_cast<BufferState>(core_->registry.find(name));
    if (found) check_type(name, found->description(), type);
    return found;
}

GpuMemoryManager::GpuMemoryManager() : GpuMemoryManager(current_device()) {}

GpuMemoryManager::GpuMemoryManager(Device& device, std::size_t limit_bytes)
    : core_(std::make_shared<ManagerCore>(DeviceResources::of(device), limit_bytes)) {
    recording::start_if_asked();
    process_report::start_if_asked();
}

GpuMemoryManager GpuMemoryManager::with_limit(std::size_t limit_bytes) {
    return GpuMemoryManager(current_device(), limit_bytes);
}

// The hook may know this manager, and owners that outlive it may still grow.
GpuMemoryManager::~GpuMemoryManager() {
    core_->set_failure_hook({});
    record_what_is_left();
    while (const Registry::Owner buffer = core_->registry.extract_any())
        state_of(*buffer).free(StreamOrder::after_all());
    core_->registry.hold_while_listed(core_);
}

void GpuMemoryManager::record_what_is_left() const noexcept {
    if (!recorder::is_on()) return;
    try {
        recorder::append_snapshot(snapshot(SnapshotDetail::layout).to_json());
    } catch (const std::bad_alloc&) {  // the events are there
    }
}

BufferConfig GpuMemoryManager::unbounded() noexcept {
    BufferConfig config;
    config.max_size_bytes = std::numeric_limits<std::size_t>::max();
    return config;
}

BufferReference GpuMemoryManager::owned(std::optional<std::string_view> name, const BufferDescription& description,
                                        std::size_t count, StreamOrder order) {
    return detail::at(description.where, [&] {
        const std::size_t bytes = detail::element_bytes(name.value_or("(unnamed)"), count, description.element_size);
        return BufferState::make(*core_, name, description, bytes, order);
    });
}

// Allocates before the name is entered and without a lock, so that a failure hook may use the manager and nobody finds
// a buffer that is not there yet; of two threads that make one name at once the first to enter it wins, and the other
// gets that buffer.
BufferReference GpuMemoryManager::named(std::string_view name, const BufferDescription& description, std::size_t count,
                                        StreamOrder order) {
    const NameKey key(name);
    return detail::at(description.where, [&] {
        for (;;) {
            if (auto there = known(key, description.type)) {
                log::warn([&] {
                    return "allocate: '" + std::string(name) + "' exists already; the existing buffer is returned";
                });
                return there;
            }
            const std::size_t bytes = detail::element_bytes(name, count, description.element_size);
            if (auto made = BufferState::make_found(*core_, key, description, bytes, order)) return made;
        }
    });
}

UntypedHandle GpuMemoryManager::get_or_create(std::string_view name, const BufferConfig& config, CallSite where) {
    const auto get_or_make = [&] {
        const NameKey key(name);
        for (;;) {
            if (auto there = known(key, nullptr)) {
                if (there->description().config != config) {
                    log::warn([&] {
                        return "get_or_create: '" + std::string(name) + "' exists already and keeps its own config";
                    });
                }
                return UntypedHandle(std::move(there));
            }
            auto made = BufferState::make_found(*core_, key, untyped(config, where), 0, StreamOrder::after_all());
            if (made) return UntypedHandle(std::move(made));
        }
    };
    return detail::at(where, [&] { return detail::on_untyped(get_or_make); });
}

UntypedBuffer GpuMemoryManager::make_untyped(std::string_view name, const BufferConfig& config, CallSite where) {
    return detail::on_untyped(
        [&] { return UntypedBuffer(owned(name, untyped(config, where), 0, StreamOrder::after_all())); });
}

bool GpuMemoryManager::contains(std::string_view name) const { return core_->registry.contains(name); }

BufferReference GpuMemoryManager::find(const NameKey& name, const std::type_info* type) const {
    auto found = known(name, type);
    if (!found) throw not_found(name.text);
    return found;
}

// The name that differs least from a wrong one, of equal ones the first of the alphabet; empty where none is much like
// it. Names are compared after the registry's locks are given back.
std::string GpuMemoryManager::nearest_name(std::string_view wrong) const {
    std::size_t fewest = forgiven_mistakes(wrong.size());
    const auto may_be = [&](const TrackedAllocation& each) {
        return each.name().size() <= wrong.size() + fewest && each.name().size() + fewest >= wrong.size();
    };
    std::string nearest;
    for (const auto& each : core_->registry.find_if(may_be)) {
        const std::size_t count = mistakes(wrong, each->name(), fewest);
        if (count > fewest || (count == fewest && !nearest.empty() && each->name() >= nearest)) continue;
        fewest = count;
        nearest = each->name();
    }
    return nearest;
}

buffer_not_found GpuMemoryManager::not_found(std::string_view name) const {
    const std::string near = nearest_name(name);
    return buffer_not_found("no buffer is called '" + std::string(name) + "'" +
                            (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void GpuMemoryManager::free_in(StreamOrder order, std::string_view name, const CallSite& where) {
    detail::at(where, [&] {
        const auto extracted = core_->registry.extract(name);
        if (!extracted) throw not_found(name);
        state_of(*extracted).free(order);
    });
}

void GpuMemoryManager::free(std::string_view name, CallSite where) { free_in(StreamOrder::after_all(), name, where); }

void GpuMemoryManager::free(std::string_view name, StreamHandle stream, CallSite where) {
    free_in(StreamOrder::on(stream), name, where);
}

std::size_t GpuMemoryManager::free_unused() {
    const auto seen = core_->registry.find_if(
        [](const TrackedAllocation& each) { return static_cast<const BufferState&>(each).unused(); });
    std::size_t freed = 0;
    for (const auto& buffer : seen) freed += state_of(*buffer).free_if_unused(StreamOrder::after_all()) ? 1 : 0;
    return freed;
}

void GpuMemoryManager::trim() noexcept {
    const trace::Range range("trim", "");
    core_->resources->trim();
    log::debug("gave memory that no buffer holds back to the device");
}

Device& GpuMemoryManager::device() const noexcept { return core_->resources->device; }

bool GpuMemoryManager::can_allocate(std::size_t bytes) const noexcept { return bytes <= core_->memory.room(); }

Statistics GpuMemoryManager::stats() const {
    Statistics stats = core_->registry.statistics();
    stats.pool = core_->pool_figures();
    return stats;
}

MemorySnapshot GpuMemoryManager::snapshot(SnapshotDetail detail) const {
    return snapshot_of(*core_, device().properties().name, detail);
}

void GpuMemoryManager::reset_peak() noexcept { core_->registry.reset_peak(); }

void GpuMemoryManager::set_exact_peak(bool on) noexcept { core_->registry.set_exact_peak(on); }

void GpuMemoryManager::set_stack_traces(bool on) noexcept { core_->registry.set_stack_traces(on); }

std::vector<BufferStats> GpuMemoryManager::buffer_stats() const { return core_->registry.statistics().buffer_stats; }

std::size_t GpuMemoryManager::total_allocated_bytes() const noexcept { return core_->registry.total_bytes(); }

std::size_t GpuMemoryManager::limit_bytes() const noexcept { return core_->memory.limit(); }

void GpuMemoryManager::set_failure_hook(FailureHook hook) { core_->set_failure_hook(std::move(hook)); }

AllocationList GpuMemoryManager::check_leaks(RecordFilter filter) const { return core_->registry.records(filter); }

std::vector<std::string> GpuMemoryManager::report_leaks() const {
    std::vector<std::string> names;
    for (const AllocationRecord& record : check_leaks()) {
        log::error([&] { return "still allocated: " + record.describe(); });
        const StackTrace* const stack = log::enabled(log::Level::error) ? record.stack() : nullptr;
        for (const std::string& line : stack == nullptr ? std::vector<std::string>() : stack->lines()) {
            log::error("    by " + line);
        }
        names.push_back(record.name());
    }
    return names;
}

std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> GpuMemoryManager::usage_by_name() const {
    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> usage{0, {}};
    for (const AllocationRecord& record : check_leaks()) {
        usage.first += record.bytes;
        usage.second[record.name()] += record.bytes;
    }
    return usage;
}

}  // namespace triune
