// SPDX-License-Identifier: Apache-2.0
// Does physical memory made ahead by a thread pay? Growth in place by chunks created in the call, and by chunks that a
// thread has ready; and what a thread that creates costs the calls of another.
//   triune_bench_reservoir [--repeat N] [--rounds N] [--most BYTES] [--json FILE]
// Only first growths are concerned: what was freed is kept for reuse, in place of being created anew. A growth is the
// chunk, its mapping, the access and the zeroing; host time of the call.
#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "chunk_reservoir.hpp"
#include "device_array.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace bench {
namespace {

constexpr std::size_t growths = 4;  // one after the other, each of the same size

// An array that grows by chunks at its end.
class Array {
  public:
    explicit Array(std::size_t step) : step_(step) {
        triune::check(device_.address_reserve(base_, growths * step_), "reserving");
    }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    ~Array() {
        triune::report_teardown(device_.synchronize(), "idling");
        for (std::size_t i = 0; i < chunks_.size(); ++i) {
            triune::report_teardown(device_.unmap(at(i), step_), "unmapping");
            triune::report_teardown(device_.chunk_release(chunks_[i]), "releasing");
        }
        triune::report_teardown(device_.address_release(base_, growths * step_), "releasing");
    }

    void grow(triune::ChunkHandle chunk, triune::StreamHandle stream) {
        void* const end = at(chunks_.size());
        chunks_.push_back(chunk);
        triune::check(device_.map(end, chunk, step_), "mapping");
        triune::check(device_.set_access(end, step_), "setting access");
        triune::check(device_.fill(end, 0, 1, step_, stream), "zeroing");
    }

  private:
    void* at(std::size_t index) const { return static_cast<char*>(base_) + index * step_; }

    triune::Device& device_ = triune::current_device();
    const std::size_t step_;
    void* base_ = nullptr;
    std::vector<triune::ChunkHandle> chunks_;
};

struct Way {
    std::string name;
    std::function<triune::ChunkHandle()> take;
    std::function<void()> before;  // each array
};

void grow(Measurements& results, std::size_t bytes, int rounds, int repeat) {
    triune::Device& device = triune::current_device();
    const triune::Stream stream;
    ChunkReservoir eager(device, bytes, 1, ChunkReservoir::Refill::at_once);
    ChunkReservoir patient(device, bytes, growths, ChunkReservoir::Refill::when_told);
    std::vector<Way> ways{
        {"created in the call",
         [&] {
             triune::ChunkHandle chunk = 0;
             triune::check(device.chunk_create(chunk, bytes), "creating");
             return chunk;
         },
         [] {}},
        {"one ready, refilled at once", [&] { return eager.take(); }, [&] { eager.fill_up(); }},
        {"all ready, refilled later", [&] { return patient.take(); }, [&] { patient.fill_up(); }},
    };
    take_turns(rounds, ways, [&](const Way& way) {
        for (int i = -2; i < repeat; ++i) {  // what comes before 0 is to warm up
            way.before();
            Array array(bytes);
            triune::check(device.synchronize(), "idling");
            for (std::size_t growth = 0; growth < growths; ++growth) {
                const auto start = Clock::now();
                array.grow(way.take(), stream.handle());
                const double call = microseconds_since(start);
                if (i < 0) continue;
                const char* const name = growth == 0 ? "the first growth" : "a growth just after another";
                results.note({name, "us", static_cast<double>(bytes)}, way.name, call);
            }
        }
    });
}

// Host time of a small call that is made again and again beside a thread that creates and releases chunks.
void beside(Measurements& results, std::size_t bytes, int rounds) {
    constexpr int calls = 2000;
    triune::Device& device = triune::current_device();
    const triune::Stream stream;
    const DeviceArray cell(4);
    std::array<bool, 2> ways{false, true};
    take_turns(rounds, ways, [&](bool creates) {
        std::atomic<bool> stop{false};
        std::thread other;
        if (creates) {
            other = std::thread([&] {
                while (!stop) {
                    triune::ChunkHandle chunk = 0;
                    triune::check(device.chunk_create(chunk, bytes), "creating");
                    triune::check(device.chunk_release(chunk), "releasing");
                }
            });
        }
        std::vector<double> times;
        for (int i = 0; i < calls; ++i) {
            const auto start = Clock::now();
            triune::check(device.fill(cell.data(), 0, 4, 1, stream.handle()), "filling");
            times.push_back(microseconds_since(start));
            if (i % 100 == 99) stream.synchronize();
        }
        stop = true;
        if (other.joinable()) other.join();
        const char* const name = creates ? "a thread that creates" : "no such thread";
        results.note({"another thread's call, half of them", "us", static_cast<double>(bytes)}, name,
                     quantile(times, 0.5));
        results.note({"another thread's call, 99 of 100", "us", static_cast<double>(bytes)}, name,
                     quantile(times, 0.99));
    });
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    using namespace bench;
    const Arguments arguments(argc, argv, {"--repeat", "--rounds", "--most", "--json"});
    triune::log::set_level(triune::log::Level::error);
    const triune::DeviceProperties& device = triune::current_device().properties();
    const bool simulated = device.kind == triune::DeviceKind::simulated;
    const std::size_t most = std::stoull(arguments.text("--most", simulated ? "16777216" : "1073741824"));
    Measurements results("reservoir");
    if (device.virtual_memory) {
        for (std::size_t bytes = std::max<std::size_t>(4 * triune::MiB, device.chunk_granularity); bytes <= most;
             bytes *= 4) {
            grow(results, bytes, arguments.number("--rounds", 3), arguments.number("--repeat", 8));
            beside(results, bytes, arguments.number("--rounds", 3));
        }
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
