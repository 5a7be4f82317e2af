// SPDX-License-Identifier: Apache-2.0
// A fork while another thread is in its first call on an account.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <triune/resource/pool_account.hpp>

#include "../../not_instrumented.hpp"
#include "on_manager.hpp"
#include "replaced_new.hpp"

using namespace triune;

namespace {

constexpr StreamOrder any_stream = StreamOrder::after_all();
std::atomic<bool> is_inside{false};

// Long enough for the other thread to fork. Where the fork waits for this one, it does no harm.
void stay_for_a_while() noexcept {
    ReplacedNew::before_nothrow = nullptr;
    is_inside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forked_account, OnManager, *not_instrumented("the tool follows no fork"))

// What a thread keeps for an account is made at its first call there, under a lock that the child needs as well.
BOOST_AUTO_TEST_CASE(a_child_of_that_moment_uses_the_account) {
    PoolAccount used_before(manager, "used before");
    PoolAccount account(manager, "new to both threads");
    std::thread other([&] {
        used_before.deallocate(used_before.allocate(256, 256, any_stream), any_stream);
        ReplacedNew::before_nothrow = stay_for_a_while;
        account.deallocate(account.allocate(256, 256, any_stream), any_stream);
    });
    while (!is_inside) std::this_thread::yield();
    const pid_t process = fork();
    BOOST_REQUIRE(process >= 0);
    if (process == 0) {
        alarm(10);
        try {
            account.deallocate(account.allocate(256, 256, any_stream), any_stream);
        } catch (const std::exception&) {  // a device's in a child may fail; that is not what is asked
        }
        _exit(0);
    }
    int state = 0;
    BOOST_REQUIRE(waitpid(process, &state, 0) == process);
    BOOST_TEST(WIFEXITED(state));
    other.join();
    BOOST_TEST(account.drawn_bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
