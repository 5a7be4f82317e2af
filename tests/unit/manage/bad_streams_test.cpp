// SPDX-License-Identifier: Apache-2.0
// Streams that are null, or gone: the first is the default stream, the second is refused.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <vector>

#include "on_bad_input.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(bad_streams, OnBadInput)

BOOST_AUTO_TEST_CASE(a_null_stream_is_the_default_stream) {
    const auto made = manager.allocate<float>("x", 100, with_downloads(), nullptr);
    made.fill(2.0F, nullptr);
    made.ensure_capacity(5000, nullptr);
    made.start_async_download(nullptr);
    BOOST_TEST(made.wait_for_download()[99] == 2.0F);
    made.set_size(10);
    made.shrink_to_fit(nullptr);
    BOOST_TEST((made.download() == std::vector<float>(10, 2.0F)));
    manager.free("x", nullptr);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_destroyed_stream_is_refused_and_changes_nothing) {
    const Quiet quiet;
    const StreamHandle gone = destroyed();
    const auto made = manager.allocate<float>("x", 100, with_downloads());
    const auto other = manager.allocate<float>("other", 100);
    std::vector<float> values(100);
    for (const auto& call : std::initializer_list<std::function<void()>>{
             [&] { manager.allocate<float>("y", 10, {}, gone); },
             [&] { static_cast<void>(manager.make_buffer<float>("y", 10, {}, gone)); },
             [&] { made.ensure_capacity(5000, gone); },
             [&] { made.fill(1.0F, gone); },
             [&] { made.fill_at(1, 1, 1.0F, gone); },
             [&] { made.upload(values, gone); },
             [&] { made.download(values, gone); },
             [&] { made.copy_from(other, gone); },
             [&] { made.start_async_download(gone); },
             [&] { made.start_async_download(gone, DownloadMode::direct); },
         }) {
        refused<invalid_argument>(made, call);
    }
    BOOST_TEST(!manager.contains("y"));
    made.set_size(50);
    BOOST_CHECK_THROW(made.shrink_to_fit(gone), invalid_argument);
    BOOST_TEST(made.capacity() == 100U);
    expected_misuse = sim.misuse().size();
    expected_teardown_failures = teardown_failures() - teardown_failures_before;
}

BOOST_AUTO_TEST_CASE(what_is_freed_on_a_destroyed_stream_waits_for_all_queued_work) {
    const Quiet quiet;
    const StreamHandle gone = destroyed();
    manager.allocate<float>("x", 100);
    manager.free("x", gone);
    auto owner = manager.make_buffer<float>("y", 1000, mapped());
    owner.reset(gone);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    manager.trim();
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
    expected_misuse = sim.misuse().size();
}

BOOST_AUTO_TEST_CASE(a_stream_may_go_while_memory_freed_on_it_and_a_download_are_pending) {
    const auto made = manager.allocate<float>("x", 1000, with_downloads());
    auto owner = manager.make_buffer<float>("y", 1000);
    {
        const Held held(sim);
        const Stream brief(sim);
        made.fill(5.0F, brief.handle());
        made.start_async_download(brief.handle());
        owner.fill(1.0F, brief.handle());
        owner.reset(brief.handle());
    }
    const auto again = manager.make_buffer<float>("z", 1000);
    BOOST_TEST((again.download() == std::vector<float>(1000, 0.0F)));
    BOOST_TEST(made.wait_for_download()[999] == 5.0F);
}

BOOST_AUTO_TEST_SUITE_END()
