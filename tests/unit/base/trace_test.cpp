// SPDX-License-Identifier: Apache-2.0
// Ranges for a profiler, and none where there is no profiler.
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include <triune/base/trace.hpp>

using namespace triune;

namespace {

std::vector<std::string> seen;

void note_begin(const char* what, std::string_view of) noexcept {
    seen.push_back("begin " + std::string(what) + " " + std::string(of));
}
void note_end() noexcept { seen.push_back("end"); }
void note_other_end() noexcept { seen.push_back("other end"); }

constexpr trace::Sink noting{&note_begin, &note_end};
constexpr trace::Sink other{&note_begin, &note_other_end};

struct Watched {
    Watched() { seen.clear(); }
    ~Watched() { trace::set_sink(nullptr); }
};

}  // namespace

namespace suites {  // the library has a namespace of this suite's name

BOOST_FIXTURE_TEST_SUITE(trace, Watched)

BOOST_AUTO_TEST_CASE(without_a_sink_a_range_does_nothing) {
    BOOST_TEST(triune::trace::sink() == nullptr);
    {
        const triune::trace::Range range("allocate", "x");
    }
    BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_CASE(an_offered_sink_is_taken_where_there_is_none) {
    triune::trace::offer_sink(&noting);
    triune::trace::offer_sink(&other);
    BOOST_TEST(triune::trace::sink() == &noting);
}

BOOST_AUTO_TEST_CASE(ranges_nest_as_scopes_do) {
    triune::trace::set_sink(&noting);
    {
        const triune::trace::Range outer("grow", "x");
        const triune::trace::Range inner("trim", "");
    }
    BOOST_TEST((seen == std::vector<std::string>{"begin grow x", "begin trim ", "end", "end"}));
}

BOOST_AUTO_TEST_CASE(a_range_ends_where_it_began_whatever_the_sink_is_by_then) {
    triune::trace::set_sink(&noting);
    {
        const triune::trace::Range range("grow", "x");
        triune::trace::set_sink(&other);
    }
    {
        const triune::trace::Range range("grow", "y");
        triune::trace::set_sink(nullptr);
    }
    BOOST_TEST((seen == std::vector<std::string>{"begin grow x", "end", "begin grow y", "other end"}));
}

BOOST_AUTO_TEST_CASE(a_range_that_began_without_a_sink_ends_without_one) {
    {
        const triune::trace::Range range("grow", "x");
        triune::trace::set_sink(&noting);
    }
    BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace suites
