// SPDX-License-Identifier: Apache-2.0
// Which calls on buffers are ranges on a profiler's time line.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include <triune/base/trace.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

std::mutex mutex;
std::vector<std::string> begun;
int open = 0;

void note_begin(const char* what, std::string_view of) noexcept {
    const std::lock_guard lock(mutex);
    begun.push_back(std::string(what) + " " + std::string(of));
    ++open;
}
void note_end() noexcept {
    const std::lock_guard lock(mutex);
    --open;
}

constexpr trace::Sink noting{&note_begin, &note_end};

struct OnTracedManager : OnManager {
    OnTracedManager() : before(trace::sink()) {
        begun.clear();
        open = 0;
        trace::set_sink(&noting);
    }
    ~OnTracedManager() { trace::set_sink(before); }

    static bool saw(const char* range) { return std::ranges::find(begun, range) != begun.end(); }

    const trace::Sink* const before;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trace_ranges, OnTracedManager)

BOOST_AUTO_TEST_CASE(a_buffers_calls_are_ranges_of_its_name) {
    const auto made = manager.allocate<float>("x", 10, with_downloads());
    BOOST_TEST(saw("allocate x"));
    BOOST_TEST(!saw("grow x"));
    made.ensure_capacity(1000);
    BOOST_TEST(saw("grow x"));
    made.start_async_download(stream.handle());
    BOOST_TEST(saw("start download x"));
    static_cast<void>(made.wait_for_download());
    BOOST_TEST(saw("wait for download x"));
    made.set_size(1);
    made.shrink_to_fit();
    BOOST_TEST(saw("shrink x"));
    BOOST_TEST(!saw("free x"));
    manager.free("x");
    BOOST_TEST(saw("free x"));
    manager.trim();
    BOOST_TEST(saw("trim "));
    BOOST_TEST(open == 0);
}

BOOST_AUTO_TEST_CASE(a_range_ends_where_its_call_fails) {
    const auto made = manager.allocate<float>("x", 10);
    sim.fail(Verb::copy_on_device, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(made.ensure_capacity(1000), device_error);
    sim.clear_failures();
    BOOST_TEST(saw("grow x"));
    BOOST_TEST(open == 0);
}

BOOST_AUTO_TEST_SUITE_END()
