// SPDX-License-Identifier: Apache-2.0
// Physical memory made ahead by a thread, for the benchmark that asks whether that pays.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include <triune/device/device.hpp>

namespace bench {

// Chunks of one size, `most` of them ready at most. Thread-safe. A failure ends the program.
class ChunkReservoir {
  public:
    enum class Refill { at_once, when_told };

    ChunkReservoir(triune::Device& device, std::size_t chunk_bytes, std::size_t most, Refill refill);
    ChunkReservoir(const ChunkReservoir&) = delete;
    ChunkReservoir& operator=(const ChunkReservoir&) = delete;
    ~ChunkReservoir();

    // A ready chunk, or one made on the spot.
    triune::ChunkHandle take();
    // Lets the thread fill it up, and waits until it has.
    void fill_up();

  private:
    void work();

    triune::Device& device_;
    const std::size_t chunk_bytes_;
    const std::size_t most_;
    const Refill refill_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<triune::ChunkHandle> ready_;
    bool told_ = false;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace bench
