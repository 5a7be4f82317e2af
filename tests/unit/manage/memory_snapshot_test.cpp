// SPDX-License-Identifier: Apache-2.0
// A manager's snapshot: of one moment, a value, JSON for any names.
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "on_manager.hpp"

using namespace triune;

namespace {

// The records' names as Python's parser reads them, or what it says where this is no JSON.
std::string names_by_python(const std::string& json) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
    BOOST_REQUIRE(file != nullptr);
    std::fwrite(json.data(), 1, json.size(), file.get());
    std::fflush(file.get());
    const std::string command = "python3 -c \"import json; print(ascii([r['name'] for r in json.load(open('/dev/fd/" +
                                std::to_string(fileno(file.get())) + "', encoding='utf-8'))['records']]))\" 2>&1";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> answer(popen(command.c_str(), "r"), pclose);
    BOOST_REQUIRE(answer != nullptr);
    std::string text;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), answer.get()) != nullptr) text += part.data();
    return text;
}

std::size_t sum_of(const std::vector<AllocationRecord>& records) {
    std::size_t sum = 0;
    for (const AllocationRecord& record : records) sum += record.bytes;
    return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_snapshot)

BOOST_FIXTURE_TEST_CASE(a_snapshot_has_all_that_the_books_say, OnManager) {
    static_cast<void>(manager.allocate<float>("x", 1000));
    auto nameless = manager.make_buffer<float>(500);
    const MemorySnapshot snapshot = manager.snapshot();
    BOOST_TEST(snapshot.figures.total_allocated_bytes == 6000U);
    BOOST_TEST(snapshot.figures.buffer_count == 2U);
    BOOST_REQUIRE(snapshot.records.size() == 2U);
    BOOST_TEST(snapshot.records[0].name() == "x");
    BOOST_TEST(snapshot.limit_bytes == manager.limit_bytes());
    BOOST_TEST(snapshot.device == sim.properties().name);
    const PoolStatistics pool = manager.core()->resources->pool.statistics();
    BOOST_TEST(snapshot.pool.reserved_bytes == pool.reserved_bytes);
    BOOST_TEST(snapshot.pool.live_bytes == pool.live_bytes);
    BOOST_TEST(snapshot.pool.live_blocks == 2U);
    BOOST_TEST((manager.stats().pool == snapshot.pool));
}

BOOST_FIXTURE_TEST_CASE(pinned_memory_stands_beside_the_pool, OnManager) {
    {
        const auto made = manager.make_buffer<float>("x", 1000, with_downloads());
        made.start_async_download(stream.handle());
        static_cast<void>(made.wait_for_download());
    }
    BOOST_TEST(manager.stats().pool.pin_count == 1U);
    BOOST_TEST(manager.stats().pool.pinned_spare_bytes >= 4000U);
}

BOOST_AUTO_TEST_CASE(a_snapshot_outlives_manager_and_device) {
    std::optional<MemorySnapshot> snapshot;
    {
        OnManager on;
        const auto async = on.manager.allocate<float>("x", 1000, with_downloads());
        async.start_async_download(on.stream.handle());
        static_cast<void>(async.wait_for_download());
        snapshot = on.manager.snapshot();
        const auto leaks = on.manager.check_leaks();
        snapshot->records = leaks;
    }
    BOOST_TEST(snapshot->records.front().describe().starts_with("'x' (float, 4000 bytes, memory_snapshot_test.cpp:"));
    BOOST_TEST(snapshot->to_json().find("\"bytes\": 4000") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(json_is_valid_whatever_the_names_are, OnManager) {
    static_cast<void>(manager.allocate<float>(std::string("\0a\"b\\\n", 6), 4));
    static_cast<void>(manager.allocate<float>("\xff\xfe", 3));
    static_cast<void>(manager.allocate<float>("\xc3\xa4\xf0\x9f\x98\x80", 2));
    auto nameless = manager.make_buffer<float>(1);
    BOOST_TEST(names_by_python(manager.snapshot().to_json()) ==
               R"(['\x00a"b\\\n', '\ufffd\ufffd', '\xe4\U0001f600', None])"
               "\n");
}

BOOST_FIXTURE_TEST_CASE(json_is_valid_where_there_is_nothing_and_with_stacks, OnManager) {
    BOOST_TEST(manager.snapshot().to_json().find("\"records\": []") != std::string::npos);
    manager.set_stack_traces(true);
    static_cast<void>(manager.allocate<float>("x", 4));
    const auto record = manager.check_leaks().front();
    BOOST_REQUIRE(record.stack() != nullptr);
    BOOST_TEST(record.stack()->lines().size() > 2U);
    BOOST_TEST(manager.snapshot().to_json().find("\"stack\": [") != std::string::npos);
    BOOST_TEST(names_by_python(manager.snapshot().to_json()) == "['x']\n");
}

BOOST_FIXTURE_TEST_CASE(snapshots_agree_with_themselves_while_threads_work, OnManager) {
    std::atomic<bool> done{false};
    std::thread worker([&] {
        const Stream own(sim);
        for (int turn = 0; turn < 100; ++turn) {
            const auto made = manager.allocate<float>("x", 10, {}, own.handle());
            made.ensure_capacity(1000, own.handle());
            manager.free("x", own.handle());
        }
        done = true;
    });
    int wrong = 0;
    while (!done) {
        const MemorySnapshot snapshot = manager.snapshot();
        if (sum_of(snapshot.records) != snapshot.figures.total_allocated_bytes) ++wrong;
        if (snapshot.records.size() != snapshot.figures.buffer_count) ++wrong;
    }
    worker.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
