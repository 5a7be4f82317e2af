// SPDX-License-Identifier: Apache-2.0
// Random operations on a manager, compared with a plain model after each: contents, sizes, totals, records, downloads.
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/triune.hpp>

#include "../unit/balanced_sim.hpp"
#include "modelled_manager.hpp"

using namespace triune;

namespace {

constexpr std::size_t limit = 120 * KiB;  // about two and a half of the biggest buffers: refusals happen

void run(Device& device, unsigned seed, int steps) {
    BOOST_TEST_CONTEXT("seed " << seed) {
        ModelledManager both(device, limit, seed);
        for (int step = 0; step < steps; ++step) {
            BOOST_TEST_CONTEXT("step " << step) {
                both.step();
                both.check();
            }
        }
        both.free_all();
        BOOST_TEST(both.refusals > 10U);
    }
}

struct Quiet {
    Quiet() { log::set_level(log::Level::off); }
    ~Quiet() { log::set_level(log::Level::warn); }
};

// Any of the errors that another thread's free, resize or download may bring.
bool is_expected(const Error& failure) {
    for (const Errc code : {Errc::buffer_not_found, Errc::stale_handle, Errc::invalid_argument, Errc::limit_exceeded,
                            Errc::max_size_exceeded, Errc::download_in_flight, Errc::no_pending_download}) {
        if (failure.code() == code) return true;
    }
    return false;
}

// On one stream: nobody but the caller orders two that use one buffer.
void use_shared_names(GpuMemoryManager& manager, const Stream& stream, unsigned seed, std::atomic<int>& wrong) {
    std::mt19937 random(seed);
    const auto draw = [&](std::size_t below) { return random() % below; };
    BufferConfig config;
    config.enable_async = true;
    std::vector<float> values(500);
    for (int step = 0; step < 300; ++step) {
        const std::string name = "shared" + std::to_string(draw(3));
        try {
            const auto buffer = manager.allocate<float>(name, draw(2000), config);
            switch (draw(9)) {
                case 0:
                    manager.free(name);
                    break;
                case 1:
                    buffer.ensure_capacity(draw(5000));
                    break;
                case 2:
                    buffer.ensure_capacity(draw(5000), stream.handle());
                    break;
                case 3:
                    buffer.set_size(draw(1000));
                    buffer.shrink_to_fit();
                    break;
                case 4:
                    buffer.upload_at(0, values);
                    break;
                case 5:
                    buffer.start_async_download(stream.handle());
                    static_cast<void>(buffer.wait_for_download());
                    break;
                case 6:
                    buffer.copy_at(0, manager.get_buffer<float>("shared0"), 100, 50);
                    break;
                case 7:
                    static_cast<void>(buffer.latest());
                    manager.trim();
                    break;
                default:
                    static_cast<void>(buffer.download());
            }
        } catch (const Error& failure) {
            if (!is_expected(failure)) ++wrong;
        }
        const auto stats = manager.stats();
        if (stats.peak_allocated_bytes < stats.total_allocated_bytes) ++wrong;
        if (stats.total_allocated_bytes > manager.limit_bytes()) ++wrong;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_operations)

BOOST_FIXTURE_TEST_CASE(a_manager_does_what_the_model_does, BalancedSim) {
    for (const unsigned seed : {1U, 2U, 3U, 4U, 5U, 6U}) run(sim, seed, 400);
}

BOOST_AUTO_TEST_CASE(so_it_does_on_the_current_device) { run(current_device(), 11, 300); }

BOOST_AUTO_TEST_CASE(so_it_does_without_virtual_memory_and_device_events) {
    sim::SimOptions options = BalancedSim::small();
    options.virtual_memory = false;
    options.device_events = false;
    BalancedSim plain(options);
    run(plain.sim, 21, 300);
}

BOOST_AUTO_TEST_CASE(so_it_does_where_the_device_fails_now_and_then) {
    const Quiet quiet;
    constexpr std::array verbs = {Verb::copy,
                                  Verb::copy_on_device,
                                  Verb::fill,
                                  Verb::stream_wait,
                                  Verb::stream_id,
                                  Verb::event_record,
                                  Verb::event_create,
                                  Verb::event_query,
                                  Verb::stream_synchronize,
                                  Verb::chunk_create,
                                  Verb::map,
                                  Verb::set_access,
                                  Verb::address_reserve,
                                  Verb::synchronize,
                                  Verb::pinned_allocate,
                                  Verb::event_synchronize,
                                  Verb::event_record_device};
    for (const unsigned seed : {31U, 32U, 33U, 34U, 35U, 36U}) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            sim::SimDevice device(BalancedSim::small());
            std::mt19937 random(seed);
            ModelledManager both(device, limit, seed);
            both.inject = [&] {
                if (random() % 3 == 0) return false;
                const int error = random() % 3 == 0 ? cuda_error::out_of_memory : cuda_error::unknown;
                for (int i = 0; i < 4; ++i) device.fail(verbs[random() % verbs.size()], 1 + random() % 2, error);
                return true;
            };
            both.stop_injecting = [&] { device.clear_failures(); };
            for (int step = 0; step < 400; ++step) {
                BOOST_TEST_CONTEXT("step " << step) {
                    both.step();
                    both.check();
                }
            }
            both.free_all();
            BOOST_TEST(both.failures > 20U);
            BOOST_TEST(device.misuse().empty());
        }
    }
}

BOOST_FIXTURE_TEST_CASE(threads_share_a_manager_and_its_names, BalancedSim) {
    const Quiet quiet;
    std::atomic<int> wrong{0};
    {
        GpuMemoryManager manager(sim, limit);
        const Stream stream(sim);
        manager.set_failure_hook([&](std::size_t) {  // frees what others may be using
            try {
                manager.free("shared1");
                return true;
            } catch (const buffer_not_found&) {
                return false;
            }
        });
        std::vector<std::thread> threads;
        for (unsigned seed = 41; seed < 45; ++seed) {
            threads.emplace_back([&, seed] { use_shared_names(manager, stream, seed, wrong); });
        }
        for (auto& thread : threads) thread.join();
        std::size_t total = 0, recorded = 0;
        for (const auto& buffer : manager.buffer_stats()) total += buffer.capacity_bytes;
        for (const auto& record : manager.check_leaks(RecordFilter::all)) recorded += record.bytes;
        BOOST_TEST(manager.total_allocated_bytes() == total);
        BOOST_TEST(recorded == total);
        manager.core()->resources->pool.check_invariants();
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
