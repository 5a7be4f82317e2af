// SPDX-License-Identifier: Apache-2.0
// Managers, their figures and what is alive.
#include <cstring>

#include <triune/device/devices.hpp>
#include <triune/manage/default_manager.hpp>

#include "call.hpp"
#include "objects.hpp"

using namespace triune::c;

namespace {

triune::GpuMemoryManager& manager_of(const triune_manager* manager) {
    return *object<ManagerObject>(manager, "manager").manager;
}

triune::Device& device_of(int ordinal) {
    if (ordinal == TRIUNE_CURRENT_DEVICE) return triune::current_device();
    return triune::device_at(ordinal);
}

}  // namespace

triune_status triune_manager_create(int device, size_t limit_bytes, triune_manager** manager) {
    return guarded(__func__, [&] {
        require(manager, "manager");
        auto made = std::make_shared<triune::GpuMemoryManager>(device_of(device), limit_bytes);
        open_handle(manager, std::make_unique<ManagerObject>(ManagerObject{std::move(made)}));
    });
}

triune_status triune_manager_default(triune_manager** manager) {
    return guarded(__func__, [&] {
        require(manager, "manager");
        std::shared_ptr<triune::GpuMemoryManager> not_owned(&triune::default_manager(), [](auto*) {});
        open_handle(manager, std::make_unique<ManagerObject>(ManagerObject{std::move(not_owned)}));
    });
}

triune_status triune_manager_release(triune_manager* manager) {
    return guarded(__func__, [&] { closed<ManagerObject>(manager, "manager"); });
}

triune_status triune_manager_device(const triune_manager* manager, triune_device* device) {
    return guarded(__func__, [&] {
        triune::Device& asked = manager_of(manager).device();
        const triune::DeviceProperties& properties = asked.properties();
        triune::DeviceMemoryInfo memory;
        triune::check(asked.memory_info(memory), "asking for the device's memory");
        triune_device told{};
        told.ordinal = properties.ordinal;
        told.simulated = properties.kind == triune::DeviceKind::simulated ? 1 : 0;
        told.free_bytes = memory.free_bytes;
        told.total_bytes = memory.total_bytes;
        std::strncpy(told.name, properties.name.c_str(), sizeof(told.name) - 1);
        write_struct(device, told, "device");
    });
}

triune_status triune_manager_trim(triune_manager* manager) {
    return guarded(__func__, [&] { manager_of(manager).trim(); });
}

triune_status triune_manager_reset_peak(triune_manager* manager) {
    return guarded(__func__, [&] { manager_of(manager).reset_peak(); });
}

triune_status triune_manager_statistics(const triune_manager* manager, triune_statistics* statistics) {
    return guarded(__func__, [&] {
        const triune::GpuMemoryManager& asked = manager_of(manager);
        const triune::Statistics now = asked.stats();
        triune_statistics told{};
        told.limit_bytes = asked.limit_bytes();
        told.total_allocated_bytes = now.total_allocated_bytes;
        told.peak_allocated_bytes = now.peak_allocated_bytes;
        told.buffer_count = now.buffer_count;
        told.allocation_count = now.allocation_count;
        told.resize_count = now.resize_count;
        told.free_count = now.free_count;
        told.async_transfer_count = now.async_transfer_count;
        told.pool_reserved_bytes = now.pool.reserved_bytes;
        told.pool_live_bytes = now.pool.live_bytes;
        told.pool_cached_bytes = now.pool.cached_bytes;
        told.pool_waiting_bytes = now.pool.waiting_bytes;
        told.pool_idle_bytes = now.pool.idle_bytes;
        told.pool_lost_bytes = now.pool.lost_bytes;
        write_struct(statistics, told, "statistics");
    });
}

triune_status triune_manager_snapshot_json(const triune_manager* manager, char** text) {
    return guarded(__func__, [&] {
        require(text, "text");
        *text = caller_text(manager_of(manager).snapshot().to_json());
    });
}

triune_status triune_manager_snapshot_table(const triune_manager* manager, size_t max_records, char** text) {
    return guarded(__func__, [&] {
        require(text, "text");
        *text = caller_text(manager_of(manager).snapshot().to_table(max_records));
    });
}

triune_status triune_leaks_list(const triune_manager* manager, triune_leaks** leaks) {
    return guarded(__func__, [&] {
        require(leaks, "leaks");
        auto made = std::make_unique<LeaksObject>();
        for (const triune::AllocationRecord& each : manager_of(manager).check_leaks(triune::RecordFilter::all)) {
            if (!is_buffer(each.kind()) && each.bytes == 0) continue;  // an account with nothing out
            made->records.push_back(each);
            made->descriptions.push_back(each.describe());
        }
        open_handle(leaks, std::move(made));
    });
}

triune_status triune_leaks_count(const triune_leaks* leaks, size_t* count) {
    return guarded(__func__, [&] {
        require(count, "count");
        *count = object<LeaksObject>(leaks, "leaks").records.size();
    });
}

triune_status triune_leaks_record(const triune_leaks* leaks, size_t index, triune_record* record) {
    return guarded(__func__, [&] {
        const LeaksObject& list = object<LeaksObject>(leaks, "leaks");
        if (index >= list.records.size()) {
            refuse("'index' is " + std::to_string(index) + ", and the list has " + std::to_string(list.records.size()) +
                   " records");
        }
        const triune::AllocationRecord& each = list.records[index];
        const bool known = each.where().line() != 0;
        triune_record told{};
        told.id = each.id();
        told.name = each.has_name() ? each.name().c_str() : nullptr;
        told.kind = triune::kind_name(each.kind());
        told.bytes = each.bytes;
        told.peak_bytes = each.peak_bytes;
        told.age_seconds = each.age_seconds();
        if (known) told.where = {each.where().file_name(), each.where().function_name(), each.where().line()};
        told.description = list.descriptions[index].c_str();
        write_struct(record, told, "record");
    });
}

triune_status triune_leaks_release(triune_leaks* leaks) {
    return guarded(__func__, [&] { closed<LeaksObject>(leaks, "leaks"); });
}
