// SPDX-License-Identifier: Apache-2.0
// The soak on a GPU: a modelled manager beside threads that fill, free and check memory of the same pool. Nobody else
// may use that GPU meanwhile: its memory is counted whole.
//   triune_gpu_soak_tests                    as many rounds as take some ten seconds
//   triune_gpu_soak_tests -- --seconds 600   as many as fit ten minutes
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

#include "../integration/modelled_manager.hpp"
#include "soak.hpp"

using namespace triune;
using namespace triune::soak;

namespace {

constexpr int rounds_by_default = 40;
// Rounds take turns: buffers of up to 64 KiB, 1 MiB, 16 MiB.
constexpr std::array<std::size_t, 3> scales = {1, 16, 256};
constexpr int bystanders = 3;
constexpr std::size_t max_bystander_words = 2 * MiB;

// So many rounds use the pool as they find it; then it is trimmed, and what is left is looked at.
constexpr int rounds_a_trim = 5;

// After a trim.
Figures figures_of(Device& device, const DeviceResources& resources) {
    DeviceMemoryInfo memory;
    BOOST_TEST_REQUIRE(device.memory_info(memory).ok());
    return {{"reserved", resources.pool.statistics().reserved_bytes},
            {"device", memory.total_bytes - memory.free_bytes},
            {"process", resident_bytes()},
            {"files", entries("fd")},
            {"threads", entries("task")}};
}

// The process's own memory goes up and down by what its allocators and the driver keep for a while, so the least of so
// many looks is judged: what leaks is in each.
constexpr std::size_t looks_a_judgement = 20;

void expect_within(const Figures& now, const Figures& most) {
    // What the driver holds for itself comes in its own pieces.
    const Figures spare = {{"device", 32 * MiB}, {"process", spare_host_bytes}};
    for (const auto& [name, value] : now) {
        const std::size_t bound = most.at(name) + (spare.contains(name) ? spare.at(name) : 0);
        BOOST_TEST(value <= bound, name << ": " << value << " after at most " << most.at(name));
    }
}

// Buffers by the dozen that name their writer, freed in any order on the writer's stream. Counts instead of checks:
// Boost.Test's are for one thread.
void stand_by(Device& device, std::uint32_t writer, const std::atomic<bool>& end, std::atomic<std::size_t>& wrong) {
    struct Held {
        Buffer<std::uint32_t> buffer;
        std::uint32_t value;
    };
    const Stream stream(device);
    GpuMemoryManager manager(device);
    std::mt19937 random(writer);
    std::vector<Held> held;
    std::vector<std::uint32_t> words;
    for (std::uint32_t turn = 0; !end.load(std::memory_order_relaxed); ++turn) {
        if (held.size() == 12 || (!held.empty() && random() % 3 == 0)) {
            std::swap(held[random() % held.size()], held.back());
            if (turn % 4 == 0) {
                words.assign(held.back().buffer.size(), 0);
                held.back().buffer.download(words, stream.handle());
                wrong += words.size() - static_cast<std::size_t>(std::count(words.begin(), words.end(), held.back().value));
            }
            // In stream order, or after all queued work.
            if (turn % 2 == 0) held.back().buffer.reset(stream.handle());
            held.pop_back();
            continue;
        }
        const std::size_t count = 1 + random() % (turn % 8 == 0 ? max_bystander_words : 16 * KiB);
        const std::uint32_t value = writer << 24 | turn % (1U << 24);
        held.push_back({manager.make_buffer<std::uint32_t>("bystander", count, GpuMemoryManager::unbounded(), stream.handle()), value});
        held.back().buffer.fill(value, stream.handle());
    }
}

// Each round's threads are new, so their caches are left to the next.
void run_round(Device& device, unsigned seed) {
    std::atomic<bool> end = false;
    std::atomic<std::size_t> wrong = 0;
    std::vector<std::thread> others;
    for (std::uint32_t writer = 1; writer <= bystanders; ++writer)
        others.emplace_back([&, writer] { stand_by(device, writer, end, wrong); });
    std::thread([&] {
        BOOST_TEST_CONTEXT("seed " << seed) {
            const std::size_t scale = scales[seed % scales.size()];
            ModelledManager both(device, 120 * KiB * scale, seed, scale);
            both.pool_is_its_own = false;
            for (int step = 0; step < steps_a_round; ++step) {
                both.step();
                if (step % 10 == 0) both.check();
            }
            both.check();
            both.free_all();
        }
    }).join();
    end = true;
    for (std::thread& other : others) other.join();
    BOOST_TEST(wrong == 0U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(soak_on_gpu)

BOOST_AUTO_TEST_CASE(nothing_drifts) {
    const Rounds rounds(rounds_by_default);
    Device& device = current_device();
    const auto resources = DeviceResources::of(device);  // outlives the managers of all rounds
    const auto failures_before = teardown_failures();
    Figures most, now;
    std::vector<std::size_t> process;
    const auto judge_process = [&] {
        if (process.empty()) return;
        now["process"] = *std::min_element(process.begin(), process.end());
        expect_within({{"process", now["process"]}}, most);
        process.clear();
    };
    int round = 0;
    for (; rounds.has(round); ++round) {
        run_round(device, static_cast<unsigned>(round));
        BOOST_TEST_CONTEXT("round " << round) {
            const PoolStatistics books = resources->pool.statistics();
            BOOST_TEST(books.live_bytes == 0U);
            BOOST_TEST(books.live_blocks == 0U);
            BOOST_TEST(books.lost_bytes == 0U);
            BOOST_TEST(teardown_failures() == failures_before);
            resources->pool.check_invariants();
            if ((round + 1) % rounds_a_trim != 0) continue;
            resources->trim();
            now = figures_of(device, *resources);
            if (round < warm_up_rounds) {
                raise_to(most, now);
                continue;
            }
            process.push_back(now.extract("process").mapped());
            expect_within(now, most);
            if (process.size() == looks_a_judgement) judge_process();
        }
    }
    judge_process();
    BOOST_TEST_MESSAGE(round << " rounds of " << steps_a_round << " operations beside " << bystanders << " threads");
    for (const auto& [name, value] : now)
        BOOST_TEST_MESSAGE(name << ": at most " << most[name] << " while warming up, " << value << " at the end");
}

BOOST_AUTO_TEST_SUITE_END()
