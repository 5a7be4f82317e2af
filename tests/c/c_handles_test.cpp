// SPDX-License-Identifier: Apache-2.0
// Handles that are none, of another kind, or gone.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "on_c.hpp"

using namespace triune;

namespace {

template <typename Handle>
Handle* handle_of(std::uintptr_t value) {
    return std::bit_cast<Handle*>(value);
}

template <typename To, typename From>
To* as(From* handle) {
    return std::bit_cast<To*>(handle);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(c_handles)

BOOST_FIXTURE_TEST_CASE(null_is_refused_by_name_and_released_as_nothing, OnC) {
    std::size_t count = 0;
    refused(triune_buffer_size(nullptr, &count), TRIUNE_INVALID_ARGUMENT, "triune_buffer_size: 'buffer' is null");
    refused(triune_manager_trim(nullptr), TRIUNE_INVALID_ARGUMENT, "triune_manager_trim: 'manager' is null");
    BOOST_TEST(triune_buffer_release(nullptr) == TRIUNE_OK);
    BOOST_TEST(triune_manager_release(nullptr) == TRIUNE_OK);
    triune_text_release(nullptr);
}

BOOST_FIXTURE_TEST_CASE(results_and_names_that_are_null_are_refused_by_name, OnC) {
    triune_buffer* const buffer = created("x", 1);
    refused(triune_buffer_size(buffer, nullptr), TRIUNE_INVALID_ARGUMENT, "'count' is null");
    refused(triune_buffer_create(manager, nullptr, 1, nullptr, nullptr, nullptr), TRIUNE_INVALID_ARGUMENT, "'name'");
    refused(triune_buffer_create(manager, "y", 1, nullptr, nullptr, nullptr), TRIUNE_INVALID_ARGUMENT, "'buffer'");
    refused(triune_buffer_upload(buffer, 0, nullptr, 4, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT, "'source'");
    refused(triune_buffer_fill(buffer, nullptr, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT, "'element'");
    refused(triune_manager_snapshot_json(manager, nullptr), TRIUNE_INVALID_ARGUMENT, "'text'");
    BOOST_TEST(cxx->stats().buffer_count == 1U);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(a_released_handle_is_stale_for_every_call, OnC) {
    triune_buffer* const buffer = created("x", 1);
    BOOST_TEST(triune_buffer_release(buffer) == TRIUNE_OK);
    std::size_t count = 0;
    refused(triune_buffer_size(buffer, &count), TRIUNE_STALE_HANDLE, "'buffer' is a handle that was released");
    refused(triune_buffer_release(buffer), TRIUNE_STALE_HANDLE, "'buffer' is a handle that was released");
    triune_buffer* const next = created("y", 2);  // in the same slot
    BOOST_TEST((next != buffer));
    refused(triune_buffer_size(buffer, &count), TRIUNE_STALE_HANDLE, "released");
    BOOST_TEST(triune_buffer_size(next, &count) == TRIUNE_OK);
    BOOST_TEST(count == 2U);
    triune_buffer_release(next);
}

BOOST_FIXTURE_TEST_CASE(a_handle_of_another_kind_is_named_as_what_it_is, OnC) {
    triune_buffer* const buffer = created("x", 1);
    refused(triune_manager_trim(as<triune_manager>(buffer)), TRIUNE_INVALID_ARGUMENT,
            "'manager' is the handle of a buffer, not of a manager");
    refused(triune_manager_release(as<triune_manager>(buffer)), TRIUNE_INVALID_ARGUMENT, "not of a manager");
    std::size_t count = 0;
    BOOST_TEST(triune_buffer_size(buffer, &count) == TRIUNE_OK);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_handle_is_refused_and_never_read, OnC) {
    std::size_t count = 0;
    int on_the_stack = 0;
    for (const std::uintptr_t value :
         {std::uintptr_t{1}, std::uintptr_t{2}, std::uintptr_t{0xDEADBEEF}, ~std::uintptr_t{0},
          std::bit_cast<std::uintptr_t>(&on_the_stack), std::uintptr_t{0x0000000100000012}}) {
        const triune_status status = triune_buffer_size(handle_of<triune_buffer>(value), &count);
        BOOST_TEST((status == TRIUNE_INVALID_ARGUMENT || status == TRIUNE_STALE_HANDLE), value);
    }
    refused(triune_buffer_size(handle_of<triune_buffer>(0xDEADBEEF), &count), TRIUNE_INVALID_ARGUMENT,
            "'buffer' is no handle of a buffer");
}

BOOST_AUTO_TEST_CASE(of_many_handles_each_stands_for_its_own) {
    c::HandleTable table;
    std::vector<int> objects(100'000);
    std::vector<std::uintptr_t> handles;
    for (int& each : objects) handles.push_back(table.open(c::HandleKind::buffer, &each));
    BOOST_TEST(std::set<std::uintptr_t>(handles.begin(), handles.end()).size() == objects.size());
    bool right = true;
    for (std::size_t i = 0; i < objects.size(); ++i)
        right = right && table.find(handles[i], c::HandleKind::buffer).object == &objects[i];
    BOOST_TEST(right);
    for (const std::uintptr_t each : handles) table.close(each, c::HandleKind::buffer);
    const bool all_gone = std::ranges::all_of(handles, [&](std::uintptr_t each) {
        return table.find(each, c::HandleKind::buffer).answer == c::HandleTable::Answer::released;
    });
    BOOST_TEST(all_gone);
    const std::uintptr_t reused = table.open(c::HandleKind::view, &objects[0]);
    BOOST_TEST((std::find(handles.begin(), handles.end(), reused) == handles.end()));
}

BOOST_AUTO_TEST_CASE(of_two_threads_that_release_one_handle_one_does) {
    c::HandleTable table;
    int object = 0;
    std::vector<std::uintptr_t> handles(200'000);
    for (std::uintptr_t& each : handles) each = table.open(c::HandleKind::buffer, &object);
    std::atomic<std::size_t> closed{0};
    std::atomic<std::size_t> at{0};  // both go on together
    const auto close_all = [&] {
        for (std::size_t i = 0; i < handles.size(); ++i) {
            at.fetch_add(1);
            for (int wait = 0; wait < 1000 && at < 2 * (i + 1); ++wait) {
            }
            const auto found = table.close(handles[i], c::HandleKind::buffer);
            if (found.answer == c::HandleTable::Answer::found) closed.fetch_add(1);
        }
    };
    std::thread other(close_all);
    close_all();
    other.join();
    BOOST_TEST(closed == handles.size());
}

BOOST_FIXTURE_TEST_CASE(a_struct_without_its_size_is_refused_and_an_older_one_is_served, OnC) {
    triune_statistics statistics{};
    refused(triune_manager_statistics(manager, &statistics), TRIUNE_INVALID_ARGUMENT,
            "'statistics' has no struct_size");
    refused(triune_manager_statistics(manager, nullptr), TRIUNE_INVALID_ARGUMENT, "'statistics' is null");
    triune_buffer* const buffer = created("x", 10);
    statistics.buffer_count = 77;
    statistics.struct_size = offsetof(triune_statistics, buffer_count);  // of a version that had no more
    BOOST_TEST(triune_manager_statistics(manager, &statistics) == TRIUNE_OK);
    BOOST_TEST(statistics.total_allocated_bytes == 40U);
    BOOST_TEST(statistics.buffer_count == 77U);
    BOOST_TEST(statistics.struct_size == offsetof(triune_statistics, buffer_count));

    triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
    triune_buffer* made = nullptr;
    config.struct_size = sizeof(config) + 8;  // of a later version, which may ask for what this one cannot do
    refused(triune_buffer_create(manager, "y", 1, &config, nullptr, &made), TRIUNE_INVALID_ARGUMENT, "'config'");
    config.struct_size = offsetof(triune_buffer_config, growth_factor);
    config.bytes_per_element = 8;
    BOOST_TEST(triune_buffer_create(manager, "y", 1, &config, nullptr, &made) == TRIUNE_OK);
    std::size_t bytes = 0;
    triune_buffer_element_size(made, &bytes);
    BOOST_TEST(bytes == 8U);
    triune_buffer_release(made);
    triune_buffer_release(buffer);
}

BOOST_AUTO_TEST_CASE(the_last_error_is_the_threads_own) {
    triune_manager_trim(nullptr);
    std::string of_other = "unset";
    std::thread([&] { of_other = triune_last_error(); }).join();
    BOOST_TEST(of_other.empty());
    BOOST_TEST(mentions(last_error(), "triune_manager_trim"));
}

BOOST_AUTO_TEST_SUITE_END()
