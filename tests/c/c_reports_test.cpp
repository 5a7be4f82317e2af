// SPDX-License-Identifier: Apache-2.0
// Statistics, leaks and scopes through the C interface.
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <thread>

#include "on_c.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(c_reports)

BOOST_FIXTURE_TEST_CASE(statistics_are_those_of_the_manager, OnC) {
    triune_buffer* const buffer = created("x", 1000);
    triune_buffer_ensure_capacity(buffer, 5000, TRIUNE_NO_STREAM);
    triune_statistics told{};
    told.struct_size = sizeof(told);
    BOOST_TEST(triune_manager_statistics(manager, &told) == TRIUNE_OK);
    const Statistics now = cxx->stats();
    BOOST_TEST(told.total_allocated_bytes == now.total_allocated_bytes);
    BOOST_TEST(told.peak_allocated_bytes == now.peak_allocated_bytes);
    BOOST_TEST(told.resize_count == 1U);
    BOOST_TEST(told.allocation_count == 1U);
    BOOST_TEST(told.limit_bytes == cxx->limit_bytes());
    BOOST_TEST(told.pool_reserved_bytes == told.pool_live_bytes + told.pool_cached_bytes + told.pool_waiting_bytes +
                                               told.pool_idle_bytes + told.pool_lost_bytes);
    triune_buffer_release(buffer);
    BOOST_TEST(triune_manager_reset_peak(manager) == TRIUNE_OK);
    BOOST_TEST(triune_manager_trim(manager) == TRIUNE_OK);
    triune_manager_statistics(manager, &told);
    BOOST_TEST(told.peak_allocated_bytes == 0U);
    BOOST_TEST(told.free_count == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_device_tells_what_it_is, OnC) {
    triune_device device{};
    device.struct_size = sizeof(device);
    BOOST_TEST(triune_manager_device(manager, &device) == TRIUNE_OK);
    BOOST_TEST(device.simulated == 1);
    BOOST_TEST(device.total_bytes == 256 * MiB);
    BOOST_TEST(std::strlen(device.name) > 0U);
}

BOOST_FIXTURE_TEST_CASE(leaks_are_all_that_holds_memory_most_bytes_first, OnC) {
    triune_account* account = nullptr;
    triune_account_create(manager, "nothing out", nullptr, &account);
    triune_buffer* const small = created("small", 10);
    triune_buffer* const big = created("big", 1000);
    triune_leaks* leaks = nullptr;
    BOOST_TEST(triune_leaks_list(manager, &leaks) == TRIUNE_OK);
    triune_buffer_release(small);
    triune_buffer_release(big);
    triune_account_release(account);
    std::size_t count = 0;
    triune_leaks_count(leaks, &count);
    BOOST_TEST(count == 2U);
    triune_record record{};
    record.struct_size = sizeof(record);
    BOOST_TEST(triune_leaks_record(leaks, 0, &record) == TRIUNE_OK);
    BOOST_TEST(std::string(record.name) == "big");  // the list outlives what is on it
    BOOST_TEST(std::string(record.kind) == "untyped");
    BOOST_TEST(record.bytes == 4000U);
    BOOST_TEST((record.where.file == nullptr));
    BOOST_TEST(mentions(record.description, "'big'"));
    triune_leaks_release(leaks);
}

// As Python passes them: texts that go when the call returns.
BOOST_FIXTURE_TEST_CASE(places_are_copied_where_they_are_kept, OnC) {
    std::string file = "train.py";
    std::string function = "step";
    const triune_place where{file.c_str(), function.c_str(), 12};
    triune_buffer* buffer = nullptr;
    BOOST_TEST(triune_buffer_create(manager, "x", 10, nullptr, &where, &buffer) == TRIUNE_OK);
    file.assign(file.size(), '#');
    function.assign(function.size(), '#');
    const AllocationRecord record = cxx->check_leaks(RecordFilter::all).at(0);
    BOOST_TEST(std::string(record.where().file_name()) == "train.py");
    BOOST_TEST(std::string(record.where().function_name()) == "step");
    BOOST_TEST(record.where().line() == 12U);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(a_scope_sees_its_own_thread_or_all, OnC) {
    triune_scope* own = nullptr;
    triune_scope* all = nullptr;
    BOOST_TEST(triune_scope_open(manager, "own", 0, &own) == TRIUNE_OK);
    BOOST_TEST(triune_scope_open(manager, "all", 1, &all) == TRIUNE_OK);
    std::thread([&] { triune_buffer_release(created("x", 25)); }).join();
    triune_scope_figures figures{};
    figures.struct_size = sizeof(figures);
    BOOST_TEST(triune_scope_read(own, &figures) == TRIUNE_OK);
    BOOST_TEST(figures.allocation_count == 0U);
    BOOST_TEST(triune_scope_read(all, &figures) == TRIUNE_OK);
    BOOST_TEST(figures.allocation_count == 1U);
    BOOST_TEST(figures.freed_bytes == 100U);
    triune_scope_release(own);
    triune_scope_release(all);
}

BOOST_AUTO_TEST_SUITE_END()
