// SPDX-License-Identifier: Apache-2.0
#include <triune/resource/pinned_resource.hpp>

#include <algorithm>
#include <mutex>
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
    waiting_.splice(waiting_.end(), out_);
    wait_for_all();
    for (const Piece& left : waiting_)
        events_.release(left.freed);  // the device failed: its memory serves nobody again
}

void* PinnedResource::do_allocate(std::size_t bytes, std::size_t alignment) {
    check_alignment(alignment);
    Pieces made(1);
    Piece& piece = made.front();
    piece.bytes = bytes;
    const auto undo = [&] {
        resources_->pinned.deallocate(piece.memory);
        const std::lock_guard lock(mutex_);
        if (piece.freed != nullptr) events_.release(piece.freed);
    };
    try {
        Pieces done;
        {
            const std::lock_guard lock(mutex_);
            collect(done);
            piece.freed = events_.acquire();
        }
        release(done);
        // Without the lock: pinning takes milliseconds.
        piece.memory = acquire(padded(std::max<std::size_t>(bytes, 1), alignment, pinned_alignment));
        void* const address = aligned(piece.memory.data, alignment);
        const std::lock_guard lock(mutex_);
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
PinnedPool::Piece PinnedResource::acquire(std::size_t bytes) {
    try {
        return resources_->pinned.allocate(bytes);
    } catch (const out_of_memory&) {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) throw;
    }
    wait_for_all();
    return resources_->pinned.allocate(bytes);
}

// The piece waits for the work queued by now.
void PinnedResource::do_deallocate(void* address, std::size_t, std::size_t) noexcept {
    std::unique_lock lock(mutex_);
    const auto found = by_address_.find(address);
    if (found == by_address_.end()) {
        lock.unlock();
        return report_teardown(Status{cuda_error::invalid_value, "deallocate"},
                               "giving back pinned memory that is not out on this resource");
    }
    const auto piece = found->second;
    by_address_.erase(found);
    drawn_bytes_ -= piece->bytes;
    unordered_bytes_ += piece->memory.bytes;
    waiting_.splice(waiting_.end(), out_, piece);
    if (!resources_->device.properties().device_events) {  // nothing else tells when it is ready
        lock.unlock();
        return wait_for_all();
    }
    order_waiting();
    Pieces done;
    collect(done);
    lock.unlock();
    release(done);
}

// See Note [Freed without a stream].
void PinnedResource::order_waiting() noexcept {
    Device& device = resources_->device;
    if (unordered_bytes_ == 0 || !device.properties().device_events) return;
    if (device.properties().unseen_captures && unordered_bytes_ <= max_unordered_bytes) return;
    for (auto piece = waiting_.rbegin(); piece != waiting_.rend() && !piece->ordered; ++piece) {
        if (!device.event_record_device(piece->freed).ok()) return;
        piece->ordered = true;
        unordered_bytes_ -= piece->memory.bytes;
    }
}

// What is ordered later captures all that an earlier event does, so they complete in order. The pool of pinned memory
// may release some, which waits: that comes after the lock.
void PinnedResource::collect(Pieces& done) noexcept {
    while (!waiting_.empty() && waiting_.front().ordered) {
        bool complete = false;
        const Status asked = resources_->device.event_query(waiting_.front().freed, complete);
        report_teardown(asked, "asking whether pinned memory is ready");
        if (!asked.ok() || !complete) return;
        events_.release(waiting_.front().freed);
        done.splice(done.end(), waiting_, waiting_.begin());
    }
}

void PinnedResource::release(const Pieces& done) noexcept {
    for (const Piece& piece : done) resources_->pinned.deallocate(piece.memory);
}

// Without the lock; what comes meanwhile waits on.
void PinnedResource::wait_for_all() noexcept {
    Pieces waited_for;
    {
        const std::lock_guard lock(mutex_);
        waited_for.swap(waiting_);
    }
    if (waited_for.empty()) return;
    const Status waited = resources_->device.synchronize();
    report_teardown(waited, "waiting for pinned memory that was given back");
    {
        const std::lock_guard lock(mutex_);
        if (!waited.ok()) return waiting_.splice(waiting_.begin(), waited_for);
        for (const Piece& piece : waited_for) {
            if (!piece.ordered) unordered_bytes_ -= piece.memory.bytes;
            events_.release(piece.freed);
        }
    }
    release(waited_for);
}

std::size_t PinnedResource::drawn_bytes() const {
    const std::lock_guard lock(mutex_);
    return drawn_bytes_;
}

}  // namespace triune
