// SPDX-License-Identifier: Apache-2.0
// Device memory by address, in a manager's books.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/resource/bad_allocation.hpp>

#include "../../written_log.hpp"
#include "on_account.hpp"

using namespace triune;

namespace {

struct OnTightAccount : OnAccount {
    OnTightAccount() : OnAccount(1000) {}
};

// A second big piece does not fit beside the first.
struct OnSmallDevice : OnAccount {
    OnSmallDevice() : OnAccount(std::numeric_limits<std::size_t>::max(), small(64 * MiB)) {}
};

// Less memory than the pool asks for at a time, in small chunks: where there are many devices, each touches little of
// it.
sim::SimOptions little() {
    sim::SimOptions options;
    options.capacity_bytes = 1 * MiB;
    options.chunk_granularity = 64 * KiB;
    return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_account)

BOOST_FIXTURE_TEST_CASE(what_is_drawn_is_in_the_totals_as_asked_for, OnAccount) {
    void* const first = draw(1000);
    void* const second = account.allocate(24, 4096, on_stream());
    BOOST_TEST(account.drawn_bytes() == 1024U);
    BOOST_TEST(manager.total_allocated_bytes() == 1024U);
    BOOST_TEST(manager.stats().allocation_count == 2U);
    BOOST_TEST(manager.stats().buffer_count == 0U);
    give_back(first);
    account.deallocate(second, on_stream());
    BOOST_TEST(account.drawn_bytes() == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.stats().peak_allocated_bytes == 1024U);
    BOOST_TEST(manager.can_allocate(manager.limit_bytes()));
}

// Blocking calls that free several buffers together do so in the service stream's order.
BOOST_FIXTURE_TEST_CASE(memory_for_any_stream_is_none_that_the_service_stream_still_uses, OnAccount) {
    DeviceResources& resources = *manager.core()->resources;
    const StreamHandle service = resources.service.handle();
    const Block used = resources.pool.allocate(big, service);
    void* drawn = nullptr;
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(used.data, 1, 1, big, service).ok());
        resources.pool.deallocate(used, StreamOrder::on(service));
        drawn = draw(big);
        BOOST_TEST(drawn != used.data);
    }
    give_back(drawn);
}

BOOST_FIXTURE_TEST_CASE(an_account_is_one_record_however_many_pieces_are_out, OnAccount) {
    void* const first = draw(1000);
    void* const second = draw(500);
    BOOST_TEST(manager.check_leaks().empty());
    BOOST_TEST(manager.usage_by_name().first == 0U);
    const auto all = manager.check_leaks(RecordFilter::all);
    BOOST_TEST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].name() == "solver");
    BOOST_TEST((all[0].kind() == OwnerKind::account));
    BOOST_TEST(all[0].bytes == 1500U);
    BOOST_TEST(mentions(all[0].describe(), "on_account.hpp:"));
    give_back(first);
    BOOST_TEST(manager.check_leaks(RecordFilter::all)[0].bytes == 500U);
    give_back(second);
    account = PoolAccount(manager);
    BOOST_TEST(manager.check_leaks(RecordFilter::all).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_limit_refuses_with_a_bad_alloc_that_says_all, OnTightAccount) {
    void* const kept = draw(900);
    try {
        draw(101);
        BOOST_FAIL("the limit was passed");
    } catch (const std::bad_alloc& failure) {
        for (const char* part : {"'solver'", "101 bytes", "900", "1000 bytes", "on_account.hpp:"}) {
            BOOST_TEST(mentions(failure.what(), part), failure.what());
        }
        const auto* const told = dynamic_cast<const bad_allocation*>(&failure);
        BOOST_TEST_REQUIRE(told != nullptr);
        BOOST_TEST((told->code() == Errc::limit_exceeded));
        BOOST_TEST(told->cuda_error() == cuda_error::out_of_memory);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 900U);
    BOOST_TEST(account.drawn_bytes() == 900U);
    void* const rest = draw(100);
    give_back(kept);
    give_back(rest);
}

BOOST_FIXTURE_TEST_CASE(a_full_device_gives_a_bad_alloc_and_leaves_the_books, OnSmallDevice) {
    void* const kept = draw(big);
    try {
        draw(big);
        BOOST_FAIL("the device holds more than it has");
    } catch (const bad_allocation& failure) {
        BOOST_TEST((failure.code() == Errc::out_of_memory));
        BOOST_TEST(mentions(failure.what(), "'solver'"), failure.what());
    }
    BOOST_TEST(manager.total_allocated_bytes() == big);
    give_back(kept);
    give_back(draw(big));
}

BOOST_FIXTURE_TEST_CASE(memory_that_no_buffer_holds_is_given_back_before_a_full_device_refuses, OnSmallDevice) {
    manager.make_buffer<float>("x", 10 * MiB / sizeof(float), mapped()).reset();  // leaves an idle arena of its own
    void* const first = draw(2 * MiB);
    give_back(first);
    give_back(draw(60 * MiB));
}

BOOST_FIXTURE_TEST_CASE(the_failure_hook_is_asked_and_the_request_tried_again, OnTightAccount) {
    auto ballast = manager.make_buffer<std::byte>("ballast", 800);
    std::size_t missing = 0;
    manager.set_failure_hook([&](std::size_t bytes) {
        missing = bytes;
        ballast.reset();
        return true;
    });
    give_back(draw(500));
    BOOST_TEST(missing == 500U);
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) { return ++asked < 3; });
    BOOST_CHECK_THROW(draw(1001), bad_allocation);
    BOOST_TEST(asked == 3);
}

BOOST_FIXTURE_TEST_CASE(no_bytes_are_null_and_null_is_nothing, OnAccount) {
    BOOST_TEST(draw(0) == nullptr);
    BOOST_TEST(manager.stats().allocation_count == 0U);
    give_back(nullptr);
}

BOOST_FIXTURE_TEST_CASE(addresses_are_aligned_as_asked_and_pieces_lie_apart, OnAccount) {
    std::vector<std::pair<unsigned char*, unsigned char>> pieces;
    constexpr std::size_t bytes = 700;
    for (std::size_t alignment = 1; alignment <= 4 * MiB; alignment *= 4) {
        void* const address = account.allocate(bytes, alignment, any_stream);
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(address) % alignment == 0U);
        pieces.emplace_back(static_cast<unsigned char*>(address), static_cast<unsigned char>(pieces.size()));
        std::memset(address, pieces.back().second, bytes);
    }
    BOOST_TEST(account.drawn_bytes() == bytes * pieces.size());
    for (const auto& [address, value] : pieces) {
        BOOST_TEST(std::all_of(address, address + bytes, [&](unsigned char byte) { return byte == value; }));
        give_back(address);
    }
    BOOST_TEST(account.drawn_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_alignment_that_is_no_power_of_two_is_refused, OnAccount) {
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}, std::size_t{384}}) {
        const auto text =
            message_of<invalid_argument>([&] { static_cast<void>(account.allocate(8, alignment, any_stream)); });
        BOOST_TEST(mentions(text, std::to_string(alignment)), text);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(sizes_that_overflow_are_refused, OnSmallDevice) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    for (const std::size_t bytes : {most, most - 255, most - 4095}) {
        for (const std::size_t alignment : {word, std::size_t{8192}}) {
            BOOST_CHECK_THROW(account.allocate(bytes, alignment, any_stream), bad_allocation);
        }
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(any_thread_gives_back_what_another_drew, OnAccount) {
    void* const address = draw(1000);
    std::thread([&] { account.deallocate(address, on_stream()); }).join();
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            const Stream own(sim);
            for (std::size_t n = 1; n <= 50; ++n) {
                void* const piece = account.allocate(n * 100, word, StreamOrder::on(own.handle()));
                account.deallocate(piece, n % 2 == 0 ? StreamOrder::on(own.handle()) : any_stream);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(account.drawn_bytes() == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.stats().allocation_count == 201U);
    BOOST_TEST(manager.check_leaks(RecordFilter::all)[0].bytes == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_account_outlives_its_manager, BalancedSim) {
    std::optional<GpuMemoryManager> manager(std::in_place, sim, 1000);
    const PoolAccount account(*manager);
    int asked = 0;
    manager->set_failure_hook([&](std::size_t) { return ++asked < 2; });
    void* const before = account.allocate(100, word, any_stream);
    manager.reset();
    std::memset(before, 1, 100);
    void* const after = account.allocate(100, word, any_stream);
    BOOST_TEST(account.drawn_bytes() == 200U);
    BOOST_CHECK_THROW(account.allocate(1000, word, any_stream), bad_allocation);
    BOOST_TEST(asked == 0);  // the hook went with the manager, which it may use
    account.deallocate(before, any_stream);
    account.deallocate(after, any_stream);
}

BOOST_FIXTURE_TEST_CASE(the_last_copy_gives_back_what_is_still_out_and_says_so, OnManager) {
    const WrittenLog log;
    {
        std::optional<PoolAccount> first(std::in_place, manager, "forgetful");
        const auto second = *first;
        static_cast<void>(first->allocate(100, word, any_stream));
        static_cast<void>(second.allocate(23, word, any_stream));
        first.reset();
        BOOST_TEST(manager.total_allocated_bytes() == 123U);
        BOOST_TEST(log.text().empty());
    }
    BOOST_TEST(mentions(log.text(), "'forgetful' goes and gives back 123 bytes in 2 pieces"), log.text());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.check_leaks(RecordFilter::all).empty());
    BOOST_TEST(manager.core()->resources->pool.statistics().live_blocks == 0U);
}

BOOST_FIXTURE_TEST_CASE(copies_are_one_account_and_a_moved_from_one_works_on, OnAccount) {
    const PoolAccount stranger(manager);
    PoolAccount source = account;
    const PoolAccount moved = std::move(source);
    BOOST_TEST((moved == account));
    BOOST_TEST((source == account));  // NOLINT: a move is a copy here, and promised to be one
    BOOST_TEST((stranger != account));
    moved.deallocate(source.allocate(10, word, any_stream), any_stream);
    BOOST_TEST(account.drawn_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_out_is_reported_and_left_alone, OnAccount) {
    const Quiet quiet;
    const PoolAccount stranger(manager);
    void* const address = draw(1000);
    stranger.deallocate(address, any_stream);
    give_back(static_cast<std::byte*>(address) + 1);
    BOOST_TEST(teardown_failures() - teardown_failures_before == 2U);
    BOOST_TEST(manager.total_allocated_bytes() == 1000U);
    give_back(address);
    give_back(address);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    expected_teardown_failures = 3;
}

BOOST_AUTO_TEST_CASE(every_failure_of_the_device_leaves_the_books_as_they_were) {
    const Quiet quiet;
    std::size_t refused = 0;
    for (std::size_t number = 0; number < 2 * verb_count; ++number) {
        const auto verb = static_cast<Verb>(number / 2);
        const int error = number % 2 == 0 ? cuda_error::out_of_memory : cuda_error::unknown;
        bool reached = true;
        for (std::uint64_t nth = 1; reached; ++nth) {
            OnAccount fresh(GpuMemoryManager::default_limit_bytes, little());
            const std::uint64_t calls_before = fresh.sim.calls(verb);
            fresh.sim.fail(verb, nth, error);
            try {
                fresh.give_back(fresh.draw(1000));
            } catch (const bad_allocation&) {
                ++refused;
            } catch (const Error&) {
                ++refused;
            }
            reached = fresh.sim.calls(verb) - calls_before >= nth;
            fresh.sim.clear_failures();
            BOOST_TEST(fresh.manager.total_allocated_bytes() == 0U, to_string(verb));
            BOOST_TEST(fresh.manager.can_allocate(fresh.manager.limit_bytes()), to_string(verb));
            BOOST_TEST(fresh.account.drawn_bytes() == 0U, to_string(verb));
            fresh.give_back(fresh.draw(1000));
            fresh.expected_teardown_failures = teardown_failures() - fresh.teardown_failures_before;
        }
    }
    BOOST_TEST(refused > 0U);
}

BOOST_AUTO_TEST_CASE(accounts_made_without_a_manager_are_the_default_managers) {
    GpuMemoryManager& manager = default_manager();
    const std::size_t before = manager.total_allocated_bytes();
    const std::size_t records = manager.check_leaks(RecordFilter::all).size();
    {
        const PoolAccount first;
        const PoolAccount second;
        BOOST_TEST((first == second));
        void* const address = first.allocate(100, word, any_stream);
        BOOST_TEST(manager.total_allocated_bytes() - before == 100U);
        BOOST_TEST(manager.check_leaks(RecordFilter::all).size() == records + 1);
        second.deallocate(address, any_stream);
    }
    BOOST_TEST(manager.total_allocated_bytes() == before);
    BOOST_TEST(manager.check_leaks(RecordFilter::all).size() == records);
}

BOOST_AUTO_TEST_SUITE_END()
