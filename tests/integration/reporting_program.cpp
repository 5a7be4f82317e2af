// SPDX-License-Identifier: Apache-2.0
// Uses memory in one way and ends in another; process_report_test looks at what it writes.
//   reporting_program WHAT [HOW]
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>

#include <triune/base/units.hpp>
#include <triune/device/sim/sim_device.hpp>
#include <triune/triune.hpp>

using namespace triune;

namespace {

// Begins before the first manager, and goes after it and after main.
Buffer<float> of_the_namespace;

// Reachable, so that no tool takes them for leaks of host memory.
GpuMemoryManager* never_destroyed = nullptr;
Buffer<int>* outlives_its_manager = nullptr;

void leave_everything() {
    static_cast<void>(default_manager().allocate<float>("of the default manager", 1000));
    never_destroyed = new GpuMemoryManager(current_device(), 64 * MiB);
    never_destroyed->set_stack_traces(true);
    static_cast<void>(never_destroyed->allocate<double>("two\nlines", 1000));
    never_destroyed->set_stack_traces(false);
    static auto* const unnamed = new auto(never_destroyed->make_buffer<float>(500));
    unnamed->fill(1.0F);
    static_cast<void>(never_destroyed->make_buffer<float>("freed", 5000));
    static auto* const untyped = new UntypedBuffer(never_destroyed->make_untyped("raw", BufferConfig{}));
    untyped->ensure_capacity(1000);
    const auto brief = std::make_unique<GpuMemoryManager>();
    outlives_its_manager = new Buffer<int>(brief->make_buffer<int>("outlives", 300));
    static_cast<void>(brief->allocate<int>("goes with it", 100'000));
}

void free_everything() {
    {
        GpuMemoryManager manager(current_device(), 64 * MiB);
        static_cast<void>(manager.make_buffer<std::byte>("big", 3 * MiB));
        static_cast<void>(manager.allocate<std::byte>("small", 1 * MiB));
    }
    of_the_namespace = default_manager().make_buffer<float>("static", 1000);
}

void make_many_managers() {
    for (std::size_t i = 1; i <= 100; ++i) {
        GpuMemoryManager manager;
        static_cast<void>(manager.make_buffer<std::byte>("x", i * KiB));
    }
}

void outlive_a_device() {
    sim::SimDevice device;
    never_destroyed = new GpuMemoryManager(device);
    static_cast<void>(never_destroyed->make_buffer<float>("x", 1000));
    never_destroyed->trim();
}

// Descriptor 2 is not there: what opens next gets it.
void write_to_descriptor_2(const char* path) {
    if (fcntl(2, F_GETFD) >= 0) std::exit(4);
    if (open(path, O_CREAT | O_WRONLY, 0666) != 2) std::exit(5);
    if (write(2, "the program's own\n", 18) != 18) std::exit(6);
    leave_everything();
}

void leave_threads_at_work() {
    static std::atomic<int> at_work{0};
    for (int i = 0; i < 2; ++i) {
        std::thread([i] {
            const Stream stream;
            for (;;) {
                const auto buffer = default_manager().make_buffer<float>("busy", 1000, BufferConfig{}, stream.handle());
                GpuMemoryManager brief;
                if (at_work.load() <= i) at_work.fetch_add(1);
            }
        }).detach();
    }
    while (at_work.load() < 2) std::this_thread::yield();
}

// The child's signal and its end are its own; the parent goes on when it has gone.
void fork_a_child() {
    leave_everything();
    const pid_t child = fork();
    if (child == 0) {
        std::raise(SIGUSR1);
        std::exit(7);
    }
    int state = 0;
    waitpid(child, &state, 0);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 7) std::exit(8);
}

void say(const char* line) {
    std::puts(line);
    std::fflush(stdout);
}

std::atomic<bool> own_handler_ran{false};

void handle_signal_itself() {
    std::signal(SIGUSR1, [](int) { own_handler_ran = true; });
    leave_everything();
    std::raise(SIGUSR1);
    say(own_handler_ran ? "own handler" : "no handler");
}

// Until standard input ends.
void serve() {
    say("ready");
    while (std::getchar() != EOF) say("got it");
}

[[noreturn]] void abort_without_core() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    std::abort();
}

}  // namespace

int main(int count, char* arguments[]) {
    alarm(60);  // ends what hangs
    const std::string_view what = count > 1 ? arguments[1] : "";
    const std::string_view how = count > 2 ? arguments[2] : "return";
    if (what == "leaves") leave_everything();
    if (what == "frees") free_everything();
    if (what == "many") make_many_managers();
    if (what == "device") outlive_a_device();
    if (what == "threads") leave_threads_at_work();
    if (what == "forks") fork_a_child();
    if (what == "handles") handle_signal_itself();
    if (what == "writes") write_to_descriptor_2(arguments[2]);
    if (what == "serves") leave_everything(), serve();
    if (what == "forks and serves") fork_a_child(), serve();
    if (how == "exit") std::exit(3);
    if (how == "_exit") _exit(3);
    if (how == "quick_exit") std::quick_exit(3);
    if (how == "abort") abort_without_core();
    if (how == "thread_exits") std::thread([] { std::exit(3); }).join();
    return 0;
}
