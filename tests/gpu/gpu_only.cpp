// SPDX-License-Identifier: Apache-2.0
// The program's condition: a GPU.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

namespace {

struct GpuOnly {
    GpuOnly() {
        try {
            if (triune::default_device_kind() == triune::DeviceKind::cuda) return;
        } catch (const triune::Error& failure) {
            std::cout << failure.what() << '\n';
        }
        std::cout << "skipped: these tests launch kernels and need a GPU" << std::endl;
        std::_Exit(77);
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(GpuOnly);
