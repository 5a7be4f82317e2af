// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/device_memory/pinned_pool.hpp>

#include <iterator>
#include <mutex>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/base/byte_text.hpp>

namespace triune {

PinnedPool::PinnedPool(Device& device, std::size_t max_spare_bytes)
    : device_(device), max_spare_bytes_(max_spare_bytes) {}

PinnedPool::~PinnedPool() { trim(); }

// Pins without the lock: that takes milliseconds.
PinnedPool::Piece PinnedPool::allocate(std::size_t bytes) {
    if (bytes == 0) return {};
    const std::size_t size = round_up(bytes, page);
    if (size < bytes) throw out_of_memory(byte_text(bytes) + " of pinned memory cannot be had");
    if (const Piece spare = lend_spare(size); spare.data != nullptr) return spare;
    void* data = nullptr;
    Status pinned = device_.pinned_allocate(data, size);
    if (!pinned.ok() && trim() > 0) {  // what nobody uses may be what is missing
        pinned = device_.pinned_allocate(data, size);
    }
    check(pinned, "pinning " + byte_text(size) + " of host memory");
    try {
        Spare made;
        made.emplace(size, data);
        const std::lock_guard lock(mutex_);
        lent_.emplace(data, made.extract(made.begin()));
        ++pin_count_;
    } catch (...) {
        report_teardown(device_.pinned_release(data), "undoing a failed pinned allocation");
        throw;
    }
    return {data, size};
}

// Null where no spare piece fits.
PinnedPool::Piece PinnedPool::lend_spare(std::size_t size) {
    const std::lock_guard lock(mutex_);
    const auto spare = spare_.lower_bound(size);
    if (spare == spare_.end() || spare->first - size > size / 4) return {};
    const Piece piece{spare->second, spare->first};
    auto& place = lent_[piece.data];  // may throw: the piece is then still a spare one
    place = spare_.extract(spare);
    spare_bytes_ -= piece.bytes;
    return piece;
}

void PinnedPool::deallocate(Piece piece) noexcept {
    if (piece.data == nullptr) return;
    Spare too_many;
    {
        const std::lock_guard lock(mutex_);
        const auto lent = lent_.find(piece.data);
        if (lent == lent_.end()) return;
        spare_bytes_ += lent->second.key();
        spare_.insert(std::move(lent->second));
        lent_.erase(lent);
        while (spare_bytes_ > max_spare_bytes_) {
            spare_bytes_ -= std::prev(spare_.end())->first;
            too_many.insert(spare_.extract(std::prev(spare_.end())));
        }
    }
    release(too_many);
}

std::size_t PinnedPool::trim() noexcept {
    Spare all;
    {
        const std::lock_guard lock(mutex_);
        all.swap(spare_);
        spare_bytes_ = 0;
    }
    return release(all);
}

std::size_t PinnedPool::release(Spare& pieces) noexcept {
    std::size_t released = 0;
    for (const auto& [bytes, data] : pieces) {
        report_teardown(device_.pinned_release(data), "releasing spare pinned memory");
        released += bytes;
    }
    pieces.clear();
    return released;
}

std::size_t PinnedPool::spare_bytes() const {
    const std::lock_guard lock(mutex_);
    return spare_bytes_;
}

std::size_t PinnedPool::pin_count() const {
    const std::lock_guard lock(mutex_);
    return pin_count_;
}

}  // namespace triune
