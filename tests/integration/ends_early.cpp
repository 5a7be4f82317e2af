// SPDX-License-Identifier: Apache-2.0
// Ends with everything alive: owners in statics, views held, work and downloads queued. Started by process_test, since
// what happens after main needs a process of its own.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <triune/device/sim/sim_device.hpp>
#include <triune/triune.hpp>

namespace {

// Begins before main and goes after it, as owners at namespace scope do.
struct Owners {
    triune::Buffer<float> unnamed;
    triune::Buffer<float> mapped;
    triune::HostView<float> view;
};
Owners owners;

void use_everything() {
    static const triune::Stream stream;
    static triune::GraphArrays graph(100, 100);
    static triune::BufferGroup<float> group(triune::default_manager(), "group", {"x", "y"}, 1000);
    auto& manager = triune::default_manager();

    owners.unnamed = triune::Buffer<float>::filled(1000, 1.0F);
    triune::BufferConfig stable;
    stable.stable_address = true;
    owners.mapped = manager.make_buffer<float>("mapped", 1000, stable);

    const auto positions = manager.allocate<float>("positions", 1000, triune::BufferConfig::for_positions());
    positions.start_async_download(stream.handle());
    owners.view = positions.wait_for_download();

    positions.fill(2.0F, stream.handle());
    positions.start_async_download(stream.handle());
    group.start_async_download(stream.handle());
    graph.start_positions_download();
    owners.unnamed.fill(3.0F, stream.handle());
}

// A device and a manager of its own, never destroyed, under an owner that is.
void use_own_device() {
    static auto* const device = new triune::sim::SimDevice;
    static auto* const manager = new triune::GpuMemoryManager(*device);
    static const auto owner = manager->make_buffer<float>("x", 1000, triune::BufferConfig::for_positions());
    static const triune::Stream stream(*device);
    owner.fill(1.0F, stream.handle());
    owner.start_async_download(stream.handle());
}

// What belongs together and goes in any order, the manager before what came from it too.
struct Things {
    std::unique_ptr<triune::GpuMemoryManager> manager = std::make_unique<triune::GpuMemoryManager>();
    std::unique_ptr<triune::Stream> stream = std::make_unique<triune::Stream>();
    std::unique_ptr<triune::PoolAccount> account = std::make_unique<triune::PoolAccount>(*manager);
    triune::Buffer<float> buffer = manager->make_buffer<float>("x", 1000, triune::BufferConfig::for_positions());
    triune::HostView<float> view;

    Things() {
        static_cast<void>(account->allocate(1000, 256, triune::StreamOrder::on(stream->handle())));
        buffer.start_async_download(stream->handle());
        view = buffer.wait_for_download();
        buffer.fill(1.0F, stream->handle());
    }
    void drop(char which) {
        switch (which) {
            case 'm':
                return manager.reset();
            case 's':
                return stream.reset();
            case 'a':
                return account.reset();
            case 'b':
                return buffer.reset();
            default:
                view = {};
        }
    }
};

// After main, as statics go: one set for each order.
struct InEveryOrder {
    std::vector<std::pair<std::string, std::unique_ptr<Things>>> sets;

    ~InEveryOrder() {
        for (auto& [order, things] : sets) {
            for (const char which : order) things->drop(which);
        }
        if (!sets.empty()) std::cout << sets.size() << " orders" << std::endl;
    }
};
InEveryOrder in_every_order;

void use_in_every_order() {
    std::string order = "abmsv";
    do {
        in_every_order.sets.emplace_back(order, std::make_unique<Things>());
    } while (std::next_permutation(order.begin(), order.end()));
}

// Threads that never stop, somewhere in an allocation, a growth or a free when the process ends. Each has an owner in a
// thread_local, too.
void leave_threads_at_work(int count) {
    static std::atomic<int> at_work{0};
    for (int i = 0; i < count; ++i) {
        std::thread([i] {
            auto& manager = triune::default_manager();
            auto* const account = new triune::PoolAccount(manager);
            auto* const stream = new triune::Stream;
            thread_local triune::Buffer<float> kept = manager.make_buffer<float>("kept", 100);
            const std::string name = "of thread " + std::to_string(i);
            for (bool first = true;; first = false) {
                const auto buffer = manager.allocate<float>(name, 1000);
                buffer.ensure_capacity(5000);
                const auto order = triune::StreamOrder::on(stream->handle());
                account->deallocate(account->allocate(100'000, 256, order), order);
                kept.fill(1.0F);
                manager.free(name);
                if (first) at_work.fetch_add(1);
            }
        }).detach();
    }
    while (at_work.load() < count) std::this_thread::yield();
}

// A last word of the program's own, before or after ours: it may still use everything.
void use_at_exit() {
    auto& manager = triune::default_manager();
    const auto late = manager.make_buffer<float>("late", 1000);
    late.fill(1.0F);
    static_cast<void>(manager.stats());
}

[[noreturn]] void end_by(int signal) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    std::raise(signal);
    std::abort();
}

}  // namespace

// What to leave behind: "own" and "orders" as above, "threads" with them at work, else everything. How to end.
int main(int count, char* arguments[]) {
    alarm(60);  // ends what hangs, with another status than any here
    const std::string_view how = count > 1 ? arguments[1] : "return";
    const std::string_view what = count > 2 ? arguments[2] : "everything";
    if (what == "own") {
        use_own_device();
    } else if (what == "orders") {
        use_in_every_order();
    } else if (what == "threads") {
        leave_threads_at_work(3);
    } else {
        use_everything();
    }
    if (what == "handlers") {
        std::atexit(use_at_exit);
        std::at_quick_exit(use_at_exit);
    }
    std::cout << "done" << std::endl;
    if (how == "exit") std::exit(0);
    if (how == "quick_exit") std::quick_exit(0);
    if (how == "_exit") _exit(0);
    if (how == "terminated") end_by(SIGTERM);
    if (how == "interrupted") end_by(SIGINT);
    if (how == "segmentation") end_by(SIGSEGV);
    if (how == "abort") end_by(SIGABRT);
    if (how == "handled") {
        std::signal(SIGTERM, [](int) { std::_Exit(3); });
        std::raise(SIGTERM);
    }
    if (how == "thrown") {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        const auto owner = triune::default_manager().make_buffer<float>("x", 100);
        static_cast<void>(triune::default_manager().get_buffer<float>("nobody's"));
    }
    if (how == "thread_exits") std::thread([] { std::exit(0); }).join();
    return 0;
}
