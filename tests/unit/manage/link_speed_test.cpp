// SPDX-License-Identifier: Apache-2.0
// What is known of the link: never less than what was seen.
#include <boost/test/unit_test.hpp>

#include <chrono>

#include <triune/base/units.hpp>
#include <triune/detail/manage/link_speed.hpp>

using namespace triune;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(link_speed)

BOOST_AUTO_TEST_CASE(before_the_first_download_nothing_is_known) {
    const LinkSpeed speed;
    BOOST_TEST((speed.time_of(1 * GiB) == LinkSpeed::Duration::zero()));
}

BOOST_AUTO_TEST_CASE(the_best_that_was_seen_counts) {
    LinkSpeed speed;
    speed.note(1 * MiB, 1ms);
    BOOST_TEST((speed.time_of(2 * MiB) == 2ms));
    speed.note(1 * MiB, 250us);
    speed.note(1 * MiB, 100ms);  // had to wait for something
    BOOST_TEST((speed.time_of(2 * MiB) == 500us));
}

BOOST_AUTO_TEST_CASE(a_clock_that_has_not_moved_tells_nothing) {
    LinkSpeed speed;
    speed.note(1 * MiB, 0ms);
    speed.note(1 * MiB, 1ms);
    BOOST_TEST((speed.time_of(2 * MiB) == 2ms));
}

BOOST_AUTO_TEST_SUITE_END()
