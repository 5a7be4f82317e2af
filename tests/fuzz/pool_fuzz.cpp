// SPDX-License-Identifier: Apache-2.0
// Sequences of calls on the pool against a model: allocated blocks do not overlap, keep their bytes, and are counted.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <vector>

#include <triune/alloc/pool.hpp>
#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/device/sim/sim_device.hpp>
#include <triune/device/stream.hpp>

#include "input.hpp"

namespace {

using namespace triune;
using fuzz::Input;
using fuzz::require;

// The first and last word of each block carry its number, in the order of its stream.
class Model {
  public:
    Model(sim::SimDevice& device, Pool& pool, Input& input) : device_(device), pool_(pool), input_(input) {
        for (int i = 0; i < 2; ++i) streams_.emplace_back(device);
    }

    void step() {
        switch (input_.below(12)) {
            case 0:
            case 1:
            case 2:
                return allocate(false);
            case 3:
                return allocate(true);
            case 4:
            case 5:
            case 6:
            case 7:
                return free_one();
            case 8:
                if (!device_.properties().virtual_memory) release();
                pool_.trim();
                return;
            case 9:
                release();
                pool_.trim_all();
                return;
            case 10:
                release();
                return streams_[input_.below(streams_.size())].synchronize();
            default:  // the work of the streams is queued from now on, or goes on
                held_ ? device_.release_streams() : device_.hold_streams();
                held_ = !held_;
        }
    }

    void check() const {
        pool_.check_invariants();
        std::size_t bytes = 0;
        for (const auto& [at, live] : live_) bytes += live.block.bytes;
        const PoolStatistics statistics = pool_.statistics();
        require(statistics.live_blocks == live_.size() && statistics.live_bytes == bytes, "live blocks are miscounted");
        require(statistics.lost_bytes == 0, "memory is lost");
        require(statistics.reserved_bytes == statistics.live_bytes + statistics.cached_bytes +
                                                 statistics.waiting_bytes + statistics.idle_bytes,
                "the parts are not the whole");
    }

    void finish() {
        release();
        while (!live_.empty()) free_one();
        require(device_.synchronize().ok(), "the device failed");
        for (const Read& read : reads_)
            require(read.first == read.expected && read.last == read.expected, "a block has other bytes");
    }

  private:
    struct Live {
        Block block;
        std::size_t stream = 0;
        std::uint32_t number = 0;
    };
    struct Read {
        std::uint32_t expected = 0;
        std::uint32_t first = 0;
        std::uint32_t last = 0;
    };

    // Waiting for work that is held would never end.
    void release() {
        if (held_) device_.release_streams();
        held_ = false;
    }

    void allocate(bool zeroed) {
        static constexpr std::size_t units[] = {1, 64, 4 * KiB, 256 * KiB};
        const std::size_t unit = units[input_.below(4)];
        const std::size_t bytes = (1 + input_.below(20)) * unit;
        Live made{{}, input_.below(streams_.size()), ++numbers_};
        const StreamHandle stream = streams_[made.stream].handle();
        try {
            release();
            made.block = zeroed ? pool_.allocate_zeroed(bytes, stream) : pool_.allocate(bytes, stream);
        } catch (const out_of_memory&) {
            return;
        }
        require(made.block.bytes >= bytes, "a block is too small");
        const auto at = reinterpret_cast<std::uintptr_t>(made.block.data);
        require(at % block_alignment == 0, "a block is not aligned");
        const auto next = live_.lower_bound(at);
        require(next == live_.end() || at + made.block.bytes <= next->first, "blocks overlap");
        require(next == live_.begin() || std::prev(next)->first + std::prev(next)->second.block.bytes <= at,
                "blocks overlap");
        auto* const words = static_cast<std::byte*>(made.block.data);
        if (zeroed) read(made, 0);
        require(device_.fill(words, made.number, 4, 1, stream).ok(), "a fill failed");
        require(device_.fill(words + made.block.bytes - 4, made.number, 4, 1, stream).ok(), "a fill failed");
        live_.emplace(at, made);
    }

    void read(const Live& live, std::uint32_t expected) {
        Read& made = reads_.emplace_back(Read{expected});
        const auto* const words = static_cast<const std::byte*>(live.block.data);
        const StreamHandle stream = streams_[live.stream].handle();
        require(device_.copy(&made.first, words, 4, stream).ok(), "a copy failed");
        require(device_.copy(&made.last, words + live.block.bytes - 4, 4, stream).ok(), "a copy failed");
    }

    void free_one() {
        if (live_.empty()) return;
        const auto chosen = std::next(live_.begin(), static_cast<std::ptrdiff_t>(input_.below(live_.size())));
        const Live gone = chosen->second;
        live_.erase(chosen);
        read(gone, gone.number);
        switch (input_.below(3)) {
            case 0:
                return pool_.deallocate(gone.block, StreamOrder::on(streams_[gone.stream].handle()));
            case 1:
                return pool_.deallocate(gone.block, StreamOrder::after_all());
            default:  // on another stream, after the block's own work
                release();
                streams_[gone.stream].synchronize();
                return pool_.deallocate(gone.block, StreamOrder::on(streams_[1 - gone.stream].handle()));
        }
    }

    sim::SimDevice& device_;
    Pool& pool_;
    Input& input_;
    std::vector<Stream> streams_;
    std::map<std::uintptr_t, Live> live_;
    std::list<Read> reads_;
    std::uint32_t numbers_ = 0;
    bool held_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    if (bytes > 300) return 0;
    log::set_level(log::Level::off);
    Input input(data, bytes);
    sim::SimOptions options;
    options.capacity_bytes = 16 * MiB;  // little enough to run out of
    options.virtual_memory = input.below(4) != 0;
    options.device_events = input.below(4) != 0;
    options.lateness_seconds = 0;
    sim::SimDevice device(options);
    {
        ChunkPool chunks(device, 0);
        Pool pool(chunks);
        Model model(device, pool, input);
        while (!input.empty()) {
            model.step();
            model.check();
        }
        model.finish();
        model.check();
    }
    require(device.misuse().empty(), "the device was misused");
    require(device.ledger().balanced(), "something was not given back");
    return 0;
}
