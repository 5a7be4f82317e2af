// SPDX-License-Identifier: Apache-2.0
// Ranges for NVIDIA's profilers, without one of them.
#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

#include <triune/base/trace.hpp>
#include <triune/detail/device/cuda/nvtx.hpp>

using namespace triune;

namespace {

int begun = 0;
void note_begin(const char* /*what*/, std::string_view /*of*/) noexcept { ++begun; }
void note_end() noexcept {}
constexpr trace::Sink noting{&note_begin, &note_end};

struct OwnSink {
    OwnSink() { begun = 0; }
    const trace::Sink* const before = trace::sink();
    ~OwnSink() { trace::set_sink(before); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(nvtx)

BOOST_FIXTURE_TEST_CASE(an_applications_own_sink_stays, OwnSink) {
    trace::set_sink(&noting);
    cuda::offer_nvtx();
    {
        const trace::Range range("allocate", "x");
    }
    BOOST_TEST(trace::sink() == &noting);
    BOOST_TEST(begun == 1);
}

BOOST_FIXTURE_TEST_CASE(without_a_profiler_any_ranges_on_any_thread_do_nothing, OwnSink) {
    trace::set_sink(nullptr);
    cuda::offer_nvtx();
    BOOST_TEST(trace::sink() == nullptr);  // not even their texts are made
    const std::string long_name(10240, 'n');
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 100; ++turn) {
                const trace::Range outer("grow", long_name);
                const trace::Range inner("trim", "");
                const trace::Range odd("allocate", "%s\xff\n");
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(begun == 0);
}

BOOST_AUTO_TEST_SUITE_END()
