// SPDX-License-Identifier: Apache-2.0
// Kernels that write slowly while memory is freed, used again, grown, shown elsewhere and downloaded. Every buffer
// holds its writer's own number, so a word that is wrong says whose it is.
//   triune_gpu_tests --run_test=writers_on_gpu -- --seconds 600   for so long in place of two seconds
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <triune/base/units.hpp>
#include <triune/device/event.hpp>
#include <triune/manage/manager.hpp>

#include "on_gpu.hpp"

namespace triune::gpu {

using Clock = std::chrono::steady_clock;

inline std::chrono::duration<double> time_asked() {
    const auto& suite = boost::unit_test::framework::master_test_suite();
    for (int i = 1; i + 1 < suite.argc; ++i) {
        if (std::string(suite.argv[i]) == "--seconds")
            return std::chrono::duration<double>(std::stod(suite.argv[i + 1]));
    }
    return std::chrono::seconds(2);
}

// What a thread found, in memory that kernels write.
class Notes {
  public:
    explicit Notes(Device& device) : device_(device) {
        void* memory = nullptr;
        check(device.pinned_allocate(memory, sizeof(Finding)), "memory for findings");
        finding_ = new (memory) Finding{};
    }
    Notes(const Notes&) = delete;
    Notes& operator=(const Notes&) = delete;
    ~Notes() { static_cast<void>(device_.pinned_release(finding_)); }

    Finding* address() const { return finding_; }
    const Finding& found() const { return *finding_; }

  private:
    Device& device_;
    Finding* finding_ = nullptr;
};

// One thread's buffers, on its two streams.
class Writer {
  public:
    Writer(Device& device, GpuMemoryManager& manager, unsigned number)
        : device_(device),
          manager_(manager),
          number_(number),
          random_(number),
          streams_{Stream(device), Stream(device)},
          moved_(device),
          notes_(device) {}

    void step() {
        if (live_.size() < 3 || (live_.size() < max_buffers && one_in(3))) return make();
        const std::size_t index = random_() % live_.size();
        Live& live = live_[index];
        switch (draw(9)) {
            case 0:
                return grow(live);
            case 1:
                return shrink(live);
            case 2:
                return hand_over(live);
            case 3:
                return download(live);
            case 4:
                return fly(live);
            case 5:
                return write(live);
            default:
                return drop(index);
        }
    }
    void end() {
        while (!live_.empty()) drop(live_.size() - 1);
        for (const Stream& stream : streams_) stream.synchronize();
    }
    std::size_t steps() const noexcept { return steps_; }
    const Finding& found() const { return notes_.found(); }
    // Where a download brought something else: what it was.
    const std::string& wrong() const noexcept { return wrong_; }

  private:
    static constexpr std::size_t max_buffers = 12;

    struct Live {
        Buffer<Word> buffer;
        Word value = 0;
        bool second = false;  // which stream used it last
        bool mapped = false;
    };

    Word draw(Word below) { return static_cast<Word>(random_() % below); }
    bool one_in(Word many) { return draw(many) == 0; }
    StreamHandle stream(const Live& live) const { return streams_[live.second ? 1 : 0].handle(); }
    // From 256 bytes to 16 MiB, each magnitude as likely.
    std::size_t some_count() { return (std::size_t{64} << draw(17)) + draw(64); }

    void write(Live& live) {
        ++steps_;
        live.value = (number_ << 24) | (++last_value_ & 0xFFFFFF);
        launch_slow_fill(stream(live), live.buffer.data(), live.buffer.size(), live.value, 1 + draw(3));
    }
    void look(const Live& live) {
        launch_expect(stream(live), live.buffer.data(), live.buffer.size(), live.value, notes_.address());
    }
    void make() {
        Live made;
        made.second = one_in(2);
        made.mapped = one_in(4);
        BufferConfig config = GpuMemoryManager::unbounded();
        config.enable_async = true;
        config.stable_address = made.mapped;
        made.buffer = manager_.make_buffer<Word>("w", some_count(), config, stream(made));
        look(made);  // zeroes
        write(made);
        live_.push_back(std::move(made));
    }
    // What was there stays, and what is new is zero.
    void grow(Live& live) {
        const std::size_t before = live.buffer.size();
        if (before > (std::size_t{8} << 20)) return;
        live.buffer.ensure_capacity(2 * before, stream(live));
        Word* const data = live.buffer.data();
        launch_expect(stream(live), data, before, live.value, notes_.address());
        launch_expect(stream(live), data + before, live.buffer.size() - before, 0, notes_.address());
        write(live);
    }
    void shrink(Live& live) {
        live.buffer.set_size((live.buffer.size() + 1) / 2);
        live.buffer.shrink_to_fit(stream(live));
        look(live);
        ++steps_;
    }
    void hand_over(Live& live) {
        moved_.record(stream(live));
        live.second = !live.second;
        check(device_.stream_wait(stream(live), moved_.handle()), "handing a buffer over");
        look(live);
        if (one_in(2)) write(live);
        ++steps_;
    }
    void compare(const Live& live, const Word* data, std::size_t count, Word value) {
        for (std::size_t i = 0; i < count; ++i) {
            if (data[i] == value) continue;
            wrong_ = "a download of '" + live.buffer.name() + "' found " + std::to_string(data[i]) + " at " +
                     std::to_string(i) + " where " + std::to_string(value) + " was written";
            return;
        }
    }
    void download(Live& live) {
        std::vector<Word> values(live.buffer.size());
        live.buffer.download(std::span(values), stream(live));
        compare(live, values.data(), values.size(), live.value);
        ++steps_;
    }
    // Written, grown or freed behind the download: what it brings is of its own moment.
    void fly(Live& live) {
        live.buffer.start_async_download(stream(live));
        const Word value = live.value;
        const std::size_t count = live.buffer.size();
        write(live);
        const auto view = live.buffer.wait_for_download();
        if (view.size() != count) wrong_ = "a download has another size";
        compare(live, view.data(), view.size(), value);
    }
    void drop(std::size_t index) {
        Live& live = live_[index];
        look(live);
        if (one_in(3)) {
            live.buffer.reset();
        } else {
            if (one_in(4)) hand_over(live);
            live.buffer.reset(stream(live));
        }
        live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
        ++steps_;
    }

    Device& device_;
    GpuMemoryManager& manager_;
    const Word number_;
    std::mt19937 random_;
    std::array<Stream, 2> streams_;
    Event moved_;
    Notes notes_;
    std::vector<Live> live_;
    Word last_value_ = 0;
    std::size_t steps_ = 0;
    std::string wrong_;
};

inline void expect_nothing(const Finding& found) {
    BOOST_TEST(found.differing == 0U, found.differing << " words differ; word " << found.index << " held "
                                                      << found.found << " in place of " << found.expected);
}

// What became of threads that wrote. Boost.Test is asked afterwards, by one thread.
struct Outcome {
    std::vector<std::string> problems;
    std::vector<Finding> found;
    std::size_t buffers_left = 0;
    std::size_t steps = 0;

    void expect_good() const {
        for (const std::string& each : problems) BOOST_ERROR(each);
        for (const Finding& each : found) expect_nothing(each);
        BOOST_TEST(buffers_left == 0U);
        BOOST_TEST_MESSAGE(steps << " operations");
    }
};

// Threads beside one another, on one manager; their numbers are from 1. `begin` is called first in each.
template <typename Begin>
Outcome write_for(Device& device, std::chrono::duration<double> time, unsigned count, Begin&& begin) {
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
    GpuMemoryManager manager(device);
    std::vector<std::unique_ptr<Writer>> writers;
    for (unsigned i = 1; i <= count; ++i) writers.push_back(std::make_unique<Writer>(device, manager, i));
    std::vector<std::string> failures(count);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            try {
                begin();
                for (Writer& writer = *writers[i]; Clock::now() < end && writer.wrong().empty();) {
                    for (int step = 0; step < 50; ++step) writer.step();
                    if (writer.steps() % 7 == 0) manager.trim();
                }
                writers[i]->end();
            } catch (const std::exception& failure) {
                failures[i] = failure.what();
            }
        });
    }
    for (std::thread& each : threads) each.join();
    Outcome outcome;
    for (unsigned i = 0; i < count; ++i) {
        for (const std::string& each : {failures[i], writers[i]->wrong()}) {
            if (!each.empty()) outcome.problems.push_back(each);
        }
        outcome.found.push_back(writers[i]->found());
        outcome.steps += writers[i]->steps();
    }
    outcome.buffers_left = manager.stats().buffer_count;
    return outcome;
}

// What the driver has, the context's own memory and its kernels' with it.
inline std::size_t free_bytes(Device& device) {
    DeviceMemoryInfo info;
    check(device.memory_info(info), "asking for free memory");
    return info.free_bytes;
}

struct WithWriters : OnGpu {
    // In ten parts, each with a manager of its own. What is free is never again less than behind the first one, but for
    // what the driver takes in pieces of its own; the most of all others counts, since other programs take memory too.
    void write(unsigned threads) {
        std::size_t first = 0;
        std::size_t later = 0;
        for (int part = 0; part < 10; ++part) {
            write_for(device, time_asked() / 10, threads, [] {}).expect_good();
            GpuMemoryManager(device).trim();
            if (part == 0) first = free_bytes(device);
            if (part > 0) later = std::max(later, free_bytes(device));
        }
        BOOST_TEST(later + 32 * MiB >= first, first - later << " bytes do not come back");
    }
};

}  // namespace triune::gpu
