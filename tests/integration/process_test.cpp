// SPDX-License-Identifier: Apache-2.0
// A fork, an exit without cleanup: no crash, no hang.
#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <triune/triune.hpp>

#include "../not_instrumented.hpp"
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

// What `ends_early`, beside this program, prints, its log included, and its exit status behind that.
std::string ended(const std::string& how) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ends_early";
    const std::string command = "'" + program.string() + "' " + how + " 2>&1; echo \"status $?\"";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    BOOST_REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr) text += part.data();
    return text;
}

// What is locked for one call on a buffer.
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

BOOST_FIXTURE_TEST_SUITE(process, BalancedSim, *not_instrumented("the tool follows neither a fork nor other programs"))

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
    BOOST_TEST(ended("return own") == "done\nstatus 0\n");
}

// However a process ends: with its own status, and soon.
BOOST_AUTO_TEST_CASE(a_process_ends_as_it_was_told_to_whatever_is_alive) {
    struct Way {
        const char* how;
        int status;
    };
    for (const char* what : {"everything", "threads", "handlers"}) {
        for (const Way& way :
             {Way{"return", 0}, Way{"exit", 0}, Way{"quick_exit", 0}, Way{"_exit", 0}, Way{"thread_exits", 0},
              Way{"handled", 3}, Way{"terminated", 128 + SIGTERM}, Way{"interrupted", 128 + SIGINT},
              Way{"segmentation", 128 + SIGSEGV}, Way{"abort", 128 + SIGABRT}, Way{"thrown", 128 + SIGABRT}}) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // which answer that signal themselves
            if (way.status == 128 + SIGSEGV) continue;
#endif
            const std::string text = ended(std::string(way.how) + " " + what);
            BOOST_TEST_CONTEXT(way.how << " with " << what) {
                BOOST_TEST(text.starts_with("done\n"), text);
                BOOST_TEST(text.ends_with("status " + std::to_string(way.status) + "\n"), text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(statics_may_go_in_every_order) {
    const std::string text = ended("return orders");
    BOOST_TEST(text.starts_with("done\n"), text);
    BOOST_TEST(text.ends_with("120 orders\nstatus 0\n"), text);
}

// A driver that is gone by then may answer with errors, which are logged: no crash, no hang, and no other exit status.
BOOST_AUTO_TEST_CASE(statics_of_the_default_manager_go_after_main) {
    for (const char* how : {"return", "exit"}) {
        const std::string text = ended(how);
        BOOST_TEST(text.starts_with("done\n"), text);
        BOOST_TEST(text.ends_with("status 0\n"), text);
        if (default_device_kind() == DeviceKind::simulated) BOOST_TEST(text == "done\nstatus 0\n");
    }
}

BOOST_AUTO_TEST_CASE(a_forked_child_leaves_groups_graphs_and_downloads_to_its_parent) {
    GpuMemoryManager manager(sim);
    BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
    GraphArrays graph(manager, 10, 10);
    group.fill(4.0F);
    group.start_async_download(graph.stream().handle());
    const auto code = exit_code_of([&] {
        const bool refused = is_refused([&] { group.ensure_capacity(5000); }) &&
                             is_refused([&] { static_cast<void>(group.wait_for_download()); }) &&
                             is_refused([&] { group.shrink_to_fit(), group.fill(1.0F); }) &&
                             is_refused([&] { graph.resize(100, 100); }) &&
                             is_refused([&] { graph.start_positions_download(); });
        { const BufferGroup<float> taken = std::move(group); }  // its owners go here
        return refused;
    });
    BOOST_TEST(code == 0);
    BOOST_TEST(group.wait_for_download()[1][999] == 4.0F);
}

BOOST_AUTO_TEST_CASE(what_another_thread_was_using_at_a_fork_refuses_the_child) {
    GpuMemoryManager manager(sim);
    auto owner = manager.make_buffer<float>("x", 1000);
    std::binary_semaphore held(0);
    std::binary_semaphore forked(0);
    std::thread user([&] {
        const std::lock_guard in_a_call(owner.state());
        held.release();
        forked.acquire();
    });
    held.acquire();
    const auto code = exit_code_of([&] {
        std::string why;
        try {
            owner.fill(1.0F);
        } catch (const invalid_argument& failure) {
            why = failure.message();
        }
        bool refused_elsewhere = true;
#ifndef __SANITIZE_THREAD__  // which lets no such child start a thread
        std::thread([&] { refused_elsewhere = is_refused([&] { owner.fill(1.0F); }); }).join();
#endif
        owner.reset();  // leaves it to the parent
        manager.free_unused();
        return refused_elsewhere &&
               why == "'x' was in use by another thread when this process was forked: it is its parent's";
    });
    forked.release();
    user.join();
    BOOST_TEST(code == 0);
    owner.fill(2.0F);
    BOOST_TEST(owner.download()[999] == 2.0F);
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
