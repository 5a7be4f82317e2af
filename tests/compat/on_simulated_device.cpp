// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace {

// These tests hold streams and make calls fail, so they are of the simulated device wherever they run. On a GPU it is the relink
// clients that hold the facades to their behaviour.
struct OnSimulatedDevice {
    OnSimulatedDevice() { setenv("TRIUNE_DEVICE", "sim", 1); }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(OnSimulatedDevice);
