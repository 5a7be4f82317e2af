// SPDX-License-Identifier: Apache-2.0
// The simulated device across a fork and an exit.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>

#include <sys/wait.h>
#include <unistd.h>

#include "../../not_instrumented.hpp"
#include "on_sim.hpp"

using triune::not_instrumented;
using triune::sim::OnSim;
using triune::sim::SimDevice;
namespace cuda_error = triune::cuda_error;

namespace {

int exit_code_of(pid_t child) {
    int state = 0;
    if (waitpid(child, &state, 0) != child || !WIFEXITED(state)) return -1;
    return WEXITSTATUS(state);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sim_process, OnSim)

BOOST_AUTO_TEST_CASE(a_forked_child_has_no_device_and_does_not_hang,
                     *not_instrumented("the tool does not follow a fork")) {
    const auto used = stream();
    BOOST_TEST(device.fill(allocate(100), 0, 1, 100, used).ok());
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        triune::StreamHandle made = nullptr;
        const bool refused = device.synchronize().cuda_error == cuda_error::not_initialized &&
                             device.stream_create(made).cuda_error == cuda_error::not_initialized &&
                             device.stream_destroy(used).cuda_error == cuda_error::not_initialized;
        _exit(refused ? 0 : 1);
    }
    BOOST_TEST(exit_code_of(child) == 0);
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_CASE(a_device_destroyed_in_a_forked_child_does_not_wait_for_the_parents_threads,
                     *not_instrumented("the tool does not follow a fork")) {
    auto* const shared = new SimDevice;
    BOOST_TEST(shared->synchronize().ok());
    BOOST_TEST(shared->stream_call(nullptr, [](void*) {}, nullptr).ok());
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        delete shared;
        _exit(0);
    }
    BOOST_TEST(exit_code_of(child) == 0);
    delete shared;
}

// In a child of its own making: the device, its workers and queued work are still there when the process ends.
BOOST_AUTO_TEST_CASE(a_process_may_end_without_destroying_the_device,
                     *not_instrumented("the tool does not follow a fork")) {
    std::cout.flush();  // else the child would write the parent's lines once more
    std::cerr.flush();
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        static SimDevice* const never_destroyed = new SimDevice({.lateness_seconds = 0});
        for (int i = 0; i < 1000; ++i) {
            if (!never_destroyed->stream_call(nullptr, [](void*) {}, nullptr).ok()) _exit(1);
        }
        std::exit(0);  // with what the process does at its end, while the worker works
    }
    BOOST_TEST(exit_code_of(child) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
