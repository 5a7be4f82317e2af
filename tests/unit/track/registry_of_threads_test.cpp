// SPDX-License-Identifier: Apache-2.0
// Books that many threads keep at once: what they count, what they take of a limit, and what they never wait for.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <triune/detail/track/memory_limit.hpp>
#include <triune/detail/track/registry.hpp>

#include "tracked_item.hpp"

using namespace triune;

namespace {

// Runs `work(i)` on so many threads at once.
template <typename Work>
void on_threads(unsigned count, Work&& work) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (auto& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_of_threads)

BOOST_AUTO_TEST_CASE(totals_are_exact_when_all_threads_are_done) {
    Registry books;
    std::vector<std::vector<Item>> kept(4);
    on_threads(4, [&](unsigned i) {
        for (std::size_t n = 1; n <= 500; ++n) {
            kept[i].push_back(item(books, std::nullopt, n));
            if (n % 3 == 0) kept[i].pop_back();
        }
    });
    std::size_t expected = 0;
    std::size_t count = 0;
    for (const auto& each : kept) {
        for (const Item& one : each) expected += one->capacity();
        count += each.size();
    }
    const MemoryFigures figures = books.figures();
    BOOST_TEST(figures.total_allocated_bytes == expected);
    BOOST_TEST(books.total_bytes() == expected);
    BOOST_TEST(figures.buffer_count == count);
    BOOST_TEST(figures.allocation_count == 2000U);
    BOOST_TEST(figures.free_count == 2000U - count);
    BOOST_TEST(books.records().size() == count);
}

BOOST_AUTO_TEST_CASE(what_one_thread_allocates_another_may_free) {
    Registry books;
    std::vector<Item> made;
    std::thread([&] {
        for (int i = 0; i < 100; ++i) made.push_back(item(books, "x", 10));
    }).join();
    std::thread([&] { made.clear(); }).join();
    BOOST_TEST(books.total_bytes() == 0U);
    BOOST_TEST(books.figures().peak_allocated_bytes == 1000U);
    BOOST_TEST(books.records().empty());
}

// Another thread that lives on, and does one thing after the other when it is told to.
class Other {
  public:
    ~Other() {
        tell({});
        thread_.join();
    }
    void run(std::function<void()> work) {
        tell(std::move(work));
        while (turn_ != 0) std::this_thread::yield();
    }

  private:
    void tell(std::function<void()> work) {
        work_ = std::move(work);
        turn_ = 1;
    }
    void work() {
        for (;; turn_ = 0) {
            while (turn_ != 1) std::this_thread::yield();
            if (!work_) return;
            work_();
        }
    }

    std::function<void()> work_;
    std::atomic<int> turn_{0};
    std::thread thread_{[this] { work(); }};
};

BOOST_AUTO_TEST_CASE(what_one_thread_held_before_another_did_is_not_added_to_the_peak) {
    Registry books;
    Other other;
    Item others;
    item(books, "x", 1000).reset();
    other.run([&] { others = item(books, "y", 900); });
    BOOST_TEST(books.figures().peak_allocated_bytes == 1000U);
    const Item kept = item(books, "x", 300);
    BOOST_TEST(books.figures().peak_allocated_bytes == 1200U);
    other.run([&] { others.reset(); });
    books.reset_peak();
    other.run([&] { item(books, "y", 100).reset(); });
    const Item last = item(books, "z", 50);
    BOOST_TEST(books.figures().peak_allocated_bytes == 400U);
}

// The sums are compared with those of a counter that all threads share. A thread is in it for less time than in the
// books, so its highest is a total that there was.
BOOST_AUTO_TEST_CASE(the_peak_is_off_by_a_step_a_thread_at_most) {
    for (const bool exact : {false, true}) {
        Registry books;
        const MemoryLimit limit(1 << 20, &books.tallies());
        constexpr std::size_t step = MemoryLimit::step_of(1 << 20);
        constexpr unsigned threads = 4;
        books.tallies().raise_ceiling(1 << 20);
        books.set_exact_peak(exact);
        std::atomic<std::size_t> held{0};
        Highest highest;
        on_threads(threads, [&](unsigned i) {
            for (std::size_t n = 0; n < 400; ++n) {
                const std::size_t bytes = 1 + n * (37 + i) % 1000;  // some above a step, some below
                const Item mine = item(books, std::nullopt, bytes);
                highest.note(held += bytes);
                held -= bytes;
            }
        });
        const std::size_t peak = books.figures().peak_allocated_bytes;
        BOOST_TEST(peak + (exact ? 0 : threads * step) >= highest.bytes());
        BOOST_TEST(peak <= threads * 1000);
    }
}

BOOST_AUTO_TEST_CASE(what_other_threads_allocated_is_in_the_peak_when_one_frees_it_all) {
    Registry books;
    const MemoryLimit limit(std::size_t{1} << 40, &books.tallies());
    books.tallies().raise_ceiling(std::size_t{1} << 40);
    Other first;
    Other second;
    std::vector<Item> made;
    first.run([&] { made.push_back(item(books, "x", 1000)); });
    second.run([&] { made.push_back(item(books, "y", 2000)); });
    made.clear();
    BOOST_TEST(books.total_bytes() == 0U);
    BOOST_TEST(books.figures().peak_allocated_bytes == 3000U);
}

// Each level by itself has been as high before: only beside the other is it a new peak.
BOOST_AUTO_TEST_CASE(a_level_that_comes_back_beside_another_is_added_up_if_it_rose_by_a_step) {
    Registry books;
    const MemoryLimit limit(1 << 20, &books.tallies());
    books.tallies().raise_ceiling(1 << 20);
    Other other;
    Item others;
    item(books, "x", 1000).reset();
    other.run([&] { others = item(books, "y", 900); });
    item(books, "x", 1000).reset();
    other.run([&] { others.reset(); });
    BOOST_TEST(books.figures().peak_allocated_bytes == 1900U);
}

BOOST_AUTO_TEST_CASE(records_of_several_threads_come_in_one_order) {
    Registry books;
    std::vector<std::vector<Item>> kept(4);
    on_threads(4, [&](unsigned i) {
        for (std::size_t n = 0; n < 200; ++n) kept[i].push_back(item(books, "x", 1 + n % 3));
    });
    const auto found = books.records();
    BOOST_REQUIRE(found.size() == 800U);
    BOOST_TEST(biggest_come_first_and_of_equals_the_oldest(found));
}

BOOST_AUTO_TEST_CASE(records_of_threads_that_take_turns_come_in_one_order) {
    Registry books;
    Other first;
    Other second;
    std::vector<Item> kept;
    for (int turn = 0; turn < 3; ++turn) {
        first.run([&] { kept.push_back(item(books, "x", 1000)); });
        second.run([&] { kept.push_back(item(books, "y", 1000)); });
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // a tick, within which ids are not in order
    }
    BOOST_TEST(biggest_come_first_and_of_equals_the_oldest(books.records()));
}

BOOST_AUTO_TEST_CASE(named_buffers_of_several_threads_are_told_oldest_first) {
    Registry books;
    std::vector<Item> kept;
    for (int i = 0; i < 6; ++i) {
        std::thread([&] { kept.push_back(item(books, "buffer " + std::to_string(i), 1)); }).join();
    }
    const Statistics seen = books.statistics();
    BOOST_REQUIRE(seen.buffer_stats.size() == 6U);
    for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(seen.buffer_stats[i].name == "buffer " + std::to_string(i));
}

namespace {

void open_a_scope_beside_threads_that_hold_ids() {
    Registry books;
    std::vector<std::vector<Item>> before(2);
    std::atomic<int> ready{0};
    std::atomic<bool> go{false};
    ScopeTally scope(ScopeThreads::all);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 2; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 50; ++n) before[i].push_back(item(books, "before", 1));
            ++ready;
            while (!go) std::this_thread::yield();
            for (int n = 0; n < 50; ++n) before[i].push_back(item(books, "inside", 1));
        });
    }
    while (ready < 2) std::this_thread::yield();
    books.open(scope);
    go = true;
    for (auto& thread : threads) thread.join();
    BOOST_TEST(books.figures(scope).allocation_count == 100U);
    const auto inside = books.records(scope);
    BOOST_TEST(inside.size() == 100U);
    for (const auto& each : inside) BOOST_TEST(each.name() == "inside");
    books.close(scope);
}

}  // namespace

// A thread holds ids for a tick only, and may lose the processor for longer: one round of many is enough.
BOOST_AUTO_TEST_CASE(a_scope_counts_what_threads_make_in_it_whatever_ids_they_held) {
    for (int round = 0; round < 20; ++round) open_a_scope_beside_threads_that_hold_ids();
}

BOOST_AUTO_TEST_CASE(an_exact_peak_is_the_highest_total_that_there_was) {
    Registry books;
    books.set_exact_peak(true);
    std::atomic<std::size_t> held{0};
    std::atomic<std::size_t> max_at_least{0};
    on_threads(4, [&](unsigned i) {
        for (int n = 0; n < 500; ++n) {
            const Item mine = item(books, std::nullopt, 100 + i);
            const std::size_t now = held += 100 + i;
            std::size_t most = max_at_least;
            while (most < now && !max_at_least.compare_exchange_weak(most, now)) {
            }
            held -= 100 + i;
        }
    });
    const std::size_t peak = books.figures().peak_allocated_bytes;
    BOOST_TEST(peak >= max_at_least);
    BOOST_TEST(peak <= 100U + 101U + 102U + 103U);
    books.set_exact_peak(false);
    const Item last = item(books, std::nullopt, 1000);
    BOOST_TEST(books.figures().peak_allocated_bytes == 1000U);
}

BOOST_AUTO_TEST_CASE(a_limit_is_used_to_the_last_byte_whoever_holds_credits) {
    ThreadTallies tallies;
    constexpr std::size_t limit_bytes = 1 << 20;
    MemoryLimit limit(limit_bytes, &tallies);
    static_assert(MemoryLimit::step_of(limit_bytes) == 256);
    on_threads(3, [&](unsigned) {
        if (limit.try_add(1)) limit.subtract(1);  // and keeps a credit
    });
    BOOST_TEST(limit.total() == 0U);
    BOOST_TEST(!limit.try_add(limit_bytes + 1));
    BOOST_TEST(limit.try_add(limit_bytes));
    BOOST_TEST(limit.room() == 0U);
    BOOST_TEST(!limit.try_add(1));
    limit.subtract(10);
    BOOST_TEST(limit.room() == 10U);
    std::thread([&] { BOOST_TEST(limit.try_add(10)); }).join();  // which another thread gave back
    BOOST_TEST(!limit.try_add(1));
}

BOOST_AUTO_TEST_CASE(where_what_is_never_refused_has_passed_the_limit_no_credit_serves) {
    ThreadTallies tallies;
    constexpr std::size_t limit_bytes = 1 << 20;
    MemoryLimit limit(limit_bytes, &tallies);
    BOOST_TEST(limit.try_add(10));  // and keeps a credit
    std::thread([&] { limit.add(limit_bytes); }).join();
    BOOST_TEST(!limit.try_add(1));
    limit.subtract(10);
    BOOST_TEST(limit.total() == limit_bytes);
    BOOST_TEST(!limit.try_add(1));
    limit.subtract(limit_bytes);
    BOOST_TEST(limit.total() == 0U);
    BOOST_TEST(limit.try_add(limit_bytes - 1));
    BOOST_TEST(limit.try_add(1));
}

BOOST_AUTO_TEST_CASE(threads_with_credits_never_pass_the_limit_and_refuse_nothing_that_fits) {
    ThreadTallies tallies;
    constexpr std::size_t limit_bytes = 400'000;
    MemoryLimit limit(limit_bytes, &tallies);
    std::atomic<std::size_t> held{0};
    std::atomic<bool> passed{false};
    std::atomic<int> refused{0};
    on_threads(4, [&](unsigned) {
        for (int n = 0; n < 3000; ++n) {
            if (!limit.try_add(limit_bytes / 4)) {  // all four fit, at any moment
                ++refused;
                continue;
            }
            if (held += limit_bytes / 4; held > limit_bytes) passed = true;
            held -= limit_bytes / 4;
            limit.subtract(limit_bytes / 4);
        }
    });
    BOOST_TEST(!passed);
    BOOST_TEST(refused == 0);
    BOOST_TEST(limit.total() == 0U);
    BOOST_TEST(limit.try_add(limit_bytes));
}

// With a lock for all, this would never end: another thread holds every lock that the two do not need.
BOOST_AUTO_TEST_CASE(a_thread_that_counts_waits_for_no_other) {
    ThreadTallies tallies;
    MemoryLimit limit(std::size_t{1} << 40, &tallies);
    ThreadTally& mine = tallies.own();
    std::atomic<bool> done{false};
    const TallyLock held(mine);
    std::thread([&] {
        BOOST_TEST(&tallies.own() != &mine);
        for (int i = 0; i < 100; ++i) {
            BOOST_TEST(limit.try_add(4096));
            limit.subtract(4096);
        }
        BOOST_TEST(tallies.total_bytes() == 0U);  // read past the lock
        done = true;
    }).join();
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(a_look_up_of_one_name_waits_for_no_other_shards) {
    NameTable names;
    BOOST_TEST(names.find("a") == nullptr);
    Registry books;
    const Item held = item(books, "held", 1);
    const Item other = item(books, "other", 1);
    std::atomic<bool> inside{false};
    std::atomic<bool> found{false};
    BOOST_TEST(names.enter(*other, NameKey("other"), [] {}));
    std::thread holder;
    names.enter(*held, NameKey("held"), [&] {
        inside = true;
        std::thread([&] { found = names.find("other") != nullptr; }).join();
    });
    BOOST_TEST(inside);
    BOOST_TEST(found);
    while (names.extract_any()) {
    }
}

BOOST_AUTO_TEST_CASE(figures_and_records_are_of_one_moment_while_threads_work) {
    Registry books;
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done) {
            const Registry::Contents seen = books.contents();
            std::size_t sum = 0;
            for (const auto& each : seen.records) sum += each.bytes;
            wrong += sum == seen.figures.total_allocated_bytes ? 0 : 1;
            wrong += seen.records.size() == seen.figures.buffer_count ? 0 : 1;
            wrong += seen.figures.peak_allocated_bytes >= sum ? 0 : 1;
        }
    });
    on_threads(3, [&](unsigned i) {
        std::vector<Item> kept;
        for (std::size_t n = 0; n < 400; ++n) {
            kept.push_back(item(books, std::nullopt, 1 + n * (i + 1)));
            if (n % 2 == 1) books.resized(*kept.front(), 7 + n);
            if (n % 5 == 4) kept.erase(kept.begin());
        }
    });
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(books.total_bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
