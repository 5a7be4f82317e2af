// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/pinned_pool.hpp>

#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

PinnedPool::PinnedPool(Device& device, std::size_t most_spare_bytes)
    : device_(device), most_spare_bytes_(most_spare_bytes) {}

PinnedPool::~PinnedPool() { trim(); }

PinnedPool::Piece PinnedPool::allocate(std::size_t bytes) {
    if (bytes == 0) return {};
    const std::size_t size = round_up(bytes, page);
    if (size < bytes) throw out_of_memory(std::to_string(bytes) + " bytes of pinned memory cannot be had");
    const std::lock_guard lock(mutex_);
    auto spare = spare_.lower_bound(size);
    const bool fits = spare != spare_.end() && spare->first - size <= size / 4;
    if (!fits) {
        void* data = nullptr;
        Status pinned = device_.pinned_allocate(data, size);
        if (!pinned.ok() && !spare_.empty()) {
            trim_locked();  // what nobody uses may be what is missing
            pinned = device_.pinned_allocate(data, size);
        }
        check(pinned, "pinning " + std::to_string(size) + " bytes of host memory");
        ++pin_count_;
        try {
            spare = spare_.emplace(size, data);
        } catch (...) {
            report_teardown(device_.pinned_release(data), "undoing a failed pinned allocation");
            throw;
        }
        spare_bytes_ += size;
    }
    const Piece piece{spare->second, spare->first};
    auto& place = lent_[piece.data];  // may throw: the piece is then still a spare one
    place = spare_.extract(spare);
    spare_bytes_ -= piece.bytes;
    return piece;
}

void PinnedPool::deallocate(Piece piece) noexcept {
    if (piece.data == nullptr) return;
    const std::lock_guard lock(mutex_);
    const auto lent = lent_.find(piece.data);
    if (lent == lent_.end()) return;
    spare_bytes_ += lent->second.key();
    spare_.insert(std::move(lent->second));
    lent_.erase(lent);
    while (spare_bytes_ > most_spare_bytes_) {
        const auto largest = std::prev(spare_.end());
        report_teardown(device_.pinned_release(largest->second), "releasing spare pinned memory");
        spare_bytes_ -= largest->first;
        spare_.erase(largest);
    }
}

std::size_t PinnedPool::trim() noexcept {
    const std::lock_guard lock(mutex_);
    return trim_locked();
}

std::size_t PinnedPool::trim_locked() noexcept {
    for (const auto& [bytes, data] : spare_) {
        report_teardown(device_.pinned_release(data), "releasing spare pinned memory");
    }
    spare_.clear();
    return std::exchange(spare_bytes_, 0);
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
