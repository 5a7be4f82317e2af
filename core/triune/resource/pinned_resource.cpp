// SPDX-License-Identifier: Apache-2.0
#include <triune/resource/pinned_resource.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/resource/alignment.hpp>
#include <triune/resource/bad_allocation.hpp>

namespace triune {
namespace {

// What cudaHostAlloc promises for every address (CUDA C++ Programming Guide, "Device Memory Accesses").
constexpr std::size_t pinned_alignment = 256;

}  // namespace

PinnedResource::PinnedResource() : PinnedResource(default_manager()) {}

PinnedResource::PinnedResource(GpuMemoryManager& manager)
    : resources_(manager.core()->resources), events_(resources_->device) {}

PinnedResource::~PinnedResource() {
    if (!out_.empty()) {
        try {
            log::warn("a pinned resource goes and gives back " + std::to_string(drawn_bytes_) + " bytes in " +
                      std::to_string(out_.size()) + " pieces that were still out");
        } catch (...) {  // no memory for the text
        }
    }
    while (!out_.empty()) give_back_in_order(out_.begin());
    wait_for_all();
    for (const Piece& lost : waiting_)
        events_.put_back(lost.freed);  // the device failed: its memory serves nobody again
}

void* PinnedResource::do_allocate(std::size_t bytes, std::size_t alignment) {
    check_alignment(alignment);
    const std::lock_guard lock(mutex_);
    collect();
    std::list<Piece> made(1);
    Piece& piece = made.front();
    piece.bytes = bytes;
    const auto undo = [&] {
        resources_->pinned.deallocate(piece.memory);
        if (piece.freed != nullptr) events_.put_back(piece.freed);
    };
    try {
        piece.freed = events_.take();
        piece.memory = obtain(padded(std::max<std::size_t>(bytes, 1), alignment, pinned_alignment));
        void* const address = aligned(piece.memory.data, alignment);
        by_address_.emplace(address, made.begin());
        out_.splice(out_.end(), made);
        drawn_bytes_ += bytes;
        return address;
    } catch (const out_of_memory& failure) {
        undo();
        throw bad_allocation(failure);
    } catch (...) {
        undo();
        throw;
    }
}

// Where the host has none left, what waits for the device's work may be what is missing.
PinnedPool::Piece PinnedResource::obtain(std::size_t bytes) {
    try {
        return resources_->pinned.allocate(bytes);
    } catch (const out_of_memory&) {
        if (waiting_.empty()) throw;
    }
    wait_for_all();
    return resources_->pinned.allocate(bytes);
}

void PinnedResource::do_deallocate(void* address, std::size_t, std::size_t) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(address);
    if (found == by_address_.end()) {
        return report_teardown(Status{cuda_error::invalid_value, "deallocate"},
                               "giving back pinned memory that is not out on this resource");
    }
    const auto piece = found->second;
    by_address_.erase(found);
    drawn_bytes_ -= piece->bytes;
    give_back_in_order(piece);
    collect();
}

// The piece waits for the work queued by now; where that cannot be recorded, the caller waits. Where that fails too,
// the memory is never handed out again.
void PinnedResource::give_back_in_order(std::list<Piece>::iterator piece) noexcept {
    Device& device = resources_->device;
    if (device.properties().device_events && device.event_record_device(piece->freed).ok()) {
        return waiting_.splice(waiting_.end(), out_, piece);
    }
    const Status waited = device.synchronize();
    report_teardown(waited, "waiting for the device because pinned memory was given back");
    if (waited.ok()) resources_->pinned.deallocate(piece->memory);
    events_.put_back(piece->freed);
    out_.erase(piece);
}

// Each event captures all that the one before it does, so they complete in order.
void PinnedResource::collect() noexcept {
    while (!waiting_.empty()) {
        bool complete = false;
        const Status asked = resources_->device.event_query(waiting_.front().freed, complete);
        report_teardown(asked, "asking whether pinned memory is ready");
        if (!asked.ok() || !complete) return;
        resources_->pinned.deallocate(waiting_.front().memory);
        events_.put_back(waiting_.front().freed);
        waiting_.pop_front();
    }
}

void PinnedResource::wait_for_all() noexcept {
    if (waiting_.empty()) return;
    report_teardown(resources_->device.event_synchronize(waiting_.back().freed),
                    "waiting for pinned memory that was given back");
    collect();
}

std::size_t PinnedResource::drawn_bytes() const {
    const std::lock_guard lock(mutex_);
    return drawn_bytes_;
}

}  // namespace triune
