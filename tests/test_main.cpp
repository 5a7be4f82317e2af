// SPDX-License-Identifier: Apache-2.0
// The entry point of every test binary. Boost.Test is linked statically: a binary then runs where Boost is not
// installed.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include <triune/detail/device/cuda/cuda_device.hpp>

namespace {

// Where a GPU is asked for and there is none, the program says so and is skipped, exit status 77, before any case runs.
void skip_without_gpu() {
    const char* const asked = std::getenv("TRIUNE_DEVICE");
    if (asked == nullptr || std::string_view(asked) != "cuda" || triune::cuda::device_count() > 0) return;
    std::cout << "skipped: TRIUNE_DEVICE=cuda, and there is no GPU here" << std::endl;
    std::_Exit(77);
}

}  // namespace

// Called by the main() of Boost.Test's archive. Suites register themselves.
boost::unit_test::test_suite* init_unit_test_suite(int, char*[]) {
    boost::unit_test::framework::master_test_suite().p_name.value = "triune";
    skip_without_gpu();
    return nullptr;
}
