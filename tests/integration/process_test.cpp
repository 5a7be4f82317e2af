// A fork, an exit without cleanup: no crash, no hang.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <triune/triune.hpp>

#include "../unit/balanced_sim.hpp"

using namespace triune;

namespace {

// 0 where `child` says so; a child that hangs is ended by its alarm and does not.
template <typename Child>
int exit_code_of(Child&& child) {
    std::cout.flush();
    std::cerr.flush();
    const pid_t process = fork();
    BOOST_REQUIRE(process >= 0);
    if (process == 0) {
        alarm(30);
        log::set_level(log::Level::off);
        _exit(child() ? 0 : 1);
    }
    int state = 0;
    BOOST_REQUIRE(waitpid(process, &state, 0) == process);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

template <typename Call>
bool is_refused(Call&& call) {
    try {
        call();
    } catch (const Error&) {
        return true;
    }
    return false;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(process, BalancedSim)

BOOST_AUTO_TEST_CASE(a_forked_child_gets_errors_and_frees_without_hanging) {
    GpuMemoryManager manager(sim);
    const Stream stream(sim);
    auto owner = manager.make_buffer<float>("x", 1000, BufferConfig::for_positions());
    auto mapped = [] {
        BufferConfig config;
        config.stable_address = true;
        return config;
    }();
    auto in_arena = manager.make_buffer<float>("y", 1000, mapped);
    owner.start_async_download(stream.handle());
    const auto view = owner.wait_for_download();
    const auto code = exit_code_of([&] {
        const bool refused = is_refused([&] { static_cast<void>(manager.allocate<float>("z", 10)); }) &&
                             is_refused([&] { owner.ensure_capacity(5000); }) &&
                             is_refused([&] { static_cast<void>(owner.download()); }) &&
                             is_refused([&] { owner.start_async_download(stream.handle()); });
        const bool readable = owner.size() == 1000 && manager.stats().buffer_count == 2;
        owner.reset();
        in_arena.reset(stream.handle());
        manager.trim();
        return refused && readable;
    });
    BOOST_TEST(code == 0);
    BOOST_TEST(owner.download().size() == 1000U);  // the parent never noticed
}

BOOST_AUTO_TEST_CASE(a_process_may_end_with_everything_alive_and_work_queued) {
    const auto code = exit_code_of([]() -> bool {
        static auto* const device = new sim::SimDevice(BalancedSim::small());
        static auto* const manager = new GpuMemoryManager(*device);
        static const auto owner = manager->make_buffer<float>("x", 1000, BufferConfig::for_positions());
        static const Stream stream(*device);
        owner.fill(1.0F, stream.handle());
        owner.start_async_download(stream.handle());
        std::exit(0);  // runs the destructors of statics, the buffer's among them
    });
    BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(a_process_may_end_while_other_threads_use_the_manager) {
    const auto code = exit_code_of([]() -> bool {
        static auto* const device = new sim::SimDevice(BalancedSim::small());
        static auto* const manager = new GpuMemoryManager(*device);
        std::thread([] {
            for (;;) {
                static_cast<void>(manager->allocate<float>("x", 1000));
                manager->free("x");
            }
        }).detach();
        while (manager->stats().allocation_count < 3) std::this_thread::yield();
        _exit(0);
    });
    BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
