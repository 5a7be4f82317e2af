// SPDX-License-Identifier: Apache-2.0
// The condition of a program whose cases hold the current device's streams and fail its calls: it is the simulated one.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace {

struct SimulatedOnly {
    SimulatedOnly() {
        const char* const asked = std::getenv("TRIUNE_DEVICE");
        if (asked == nullptr || std::string_view(asked) != "cuda") return;
        std::cout << "skipped: " TRIUNE_SIMULATED_ONLY << std::endl;
        std::_Exit(77);
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(SimulatedOnly);
