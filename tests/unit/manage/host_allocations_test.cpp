// SPDX-License-Identifier: Apache-2.0
// What calls that programs make in every frame allocate on the host: nothing beyond what the device's own verbs do.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include <triune/device/event.hpp>

#include "on_manager.hpp"
#include "replaced_new.hpp"

using namespace triune;

namespace {

struct OnCount : OnManager {
    BufferGroup<float> group{manager, "group", {"x", "y", "z"}, 1000};
    BufferHandle<float> buffer = manager.allocate<float>("buffer", 1000, with_downloads());
    const Stream transfer{sim};
    Event released{sim};
    Event done{sim};

    // The least of several, since the simulated device's queues allocate now and then. Nothing runs meanwhile.
    template <typename Call, typename Between>
    std::size_t allocations_of(Call&& call, Between&& between) {
        std::size_t least = ~std::size_t{0};
        for (int i = 0; i < 12; ++i) {
            {
                const Held held(sim);
                const std::size_t before = ReplacedNew::allocations;
                ReplacedNew::counting = true;
                call();
                ReplacedNew::counting = false;
                least = std::min<std::size_t>(least, ReplacedNew::allocations - before);
            }
            between();
        }
        return least;
    }
    // The verbs of a staged download, as a program would call them itself.
    std::size_t allocations_of_verbs(std::size_t arrays) {
        const auto scratch = manager.make_buffer<float>("scratch", 4000);
        std::array<CopyPiece, 3> pieces{};
        for (std::size_t i = 0; i < arrays; ++i) pieces[i] = {scratch.data() + 1000 * i, buffer.data(), 4000};
        void* pinned = nullptr;
        BOOST_REQUIRE(sim.pinned_allocate(pinned, 12000).ok());
        const std::size_t count = allocations_of(
            [&] {
                const bool queued = sim.copy_on_device(std::span(pieces).first(arrays), stream.handle()).ok() &&
                                    sim.event_record(released.handle(), stream.handle()).ok() &&
                                    sim.stream_wait(transfer.handle(), released.handle()).ok() &&
                                    sim.copy(pinned, scratch.data(), 4000 * arrays, transfer.handle()).ok() &&
                                    sim.event_record(done.handle(), transfer.handle()).ok();
                if (!queued) std::abort();
            },
            [&] { transfer.synchronize(); });
        BOOST_REQUIRE(sim.pinned_release(pinned).ok());
        return count;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(host_allocations, OnCount)

BOOST_AUTO_TEST_CASE(a_start_of_a_download_allocates_no_more_than_its_verbs) {
    const std::size_t of_one = allocations_of([&] { buffer.start_async_download(stream.handle()); },
                                              [&] { static_cast<void>(buffer.wait_for_download()); });
    BOOST_TEST(of_one <= allocations_of_verbs(1));
    const std::size_t of_three = allocations_of([&] { group.start_async_download(stream.handle()); },
                                                [&] { static_cast<void>(group.wait_for_download()); });
    BOOST_TEST(of_three <= allocations_of_verbs(3));
}

BOOST_AUTO_TEST_CASE(a_group_that_need_not_grow_allocates_nothing) {
    BOOST_TEST(allocations_of([&] { group.ensure_capacity(1000, stream.handle()); }, [] {}) == 0U);
    BOOST_TEST(allocations_of([&] { buffer.ensure_capacity(1000, stream.handle()); }, [] {}) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
