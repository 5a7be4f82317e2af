// SPDX-License-Identifier: Apache-2.0
#include "chunk_reservoir.hpp"

#include <triune/base/error.hpp>

namespace bench {

ChunkReservoir::ChunkReservoir(triune::Device& device, std::size_t chunk_bytes, std::size_t most, Refill refill)
    : device_(device), chunk_bytes_(chunk_bytes), most_(most), refill_(refill) {
    ready_.reserve(most);
    thread_ = std::thread([this] { work(); });
}

ChunkReservoir::~ChunkReservoir() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    for (const triune::ChunkHandle chunk : ready_) triune::report_teardown(device_.chunk_release(chunk), "releasing");
}

triune::ChunkHandle ChunkReservoir::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!ready_.empty()) {
            const triune::ChunkHandle chunk = ready_.back();
            ready_.pop_back();
            if (refill_ == Refill::at_once) changed_.notify_all();
            return chunk;
        }
    }
    triune::ChunkHandle chunk = 0;
    triune::check(device_.chunk_create(chunk, chunk_bytes_), "creating");
    return chunk;
}

void ChunkReservoir::fill_up() {
    std::unique_lock lock(mutex_);
    told_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return ready_.size() == most_; });
    told_ = false;
}

// The device is asked unlocked, so that nobody who takes waits for it.
void ChunkReservoir::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock,
                      [this] { return stopping_ || (ready_.size() < most_ && (told_ || refill_ == Refill::at_once)); });
        if (stopping_) return;
        lock.unlock();
        triune::ChunkHandle chunk = 0;
        triune::check(device_.chunk_create(chunk, chunk_bytes_), "creating");
        lock.lock();
        ready_.push_back(chunk);
        if (ready_.size() == most_) changed_.notify_all();
    }
}

}  // namespace bench
