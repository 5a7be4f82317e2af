// SPDX-License-Identifier: Apache-2.0
// Buffers, downloads and accounts through the C interface.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include "on_c.hpp"

using namespace triune;

namespace {

std::size_t size_of(const triune_buffer* buffer) {
    std::size_t count = 0;
    BOOST_TEST(triune_buffer_size(buffer, &count) == TRIUNE_OK, last_error());
    return count;
}

triune_buffer_config downloads() {
    triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
    config.enable_async = 1;
    return config;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(c_buffers)

BOOST_FIXTURE_TEST_CASE(the_default_config_is_that_of_owners, OnC) {
    triune_buffer* const buffer = created("x", 1);
    const BufferConfig config = c::object<c::BufferObject>(buffer, "buffer").handle.state().description().config;
    BOOST_TEST((config == GpuMemoryManager::unbounded()));
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(an_owner_goes_with_its_handle_and_may_outlive_its_manager, OnC) {
    triune_buffer* const buffer = created("owned", 100);
    BOOST_TEST(cxx->total_allocated_bytes() == 400U);
    triune_buffer* found = nullptr;
    refused(triune_buffer_find(manager, "owned", &found), TRIUNE_BUFFER_NOT_FOUND, "owned");
    triune_manager_release(manager);
    manager = nullptr;
    cxx.reset();
    BOOST_TEST(size_of(buffer) == 100U);
    BOOST_TEST(triune_buffer_release(buffer) == TRIUNE_OK);
}

BOOST_FIXTURE_TEST_CASE(a_named_buffer_stays_when_its_handle_goes_and_goes_with_its_manager, OnC) {
    triune_buffer* buffer = nullptr;
    BOOST_TEST(triune_buffer_get_or_create(manager, "named", nullptr, nullptr, &buffer) == TRIUNE_OK);
    BOOST_TEST(triune_buffer_ensure_capacity(buffer, 10, TRIUNE_NO_STREAM) == TRIUNE_OK);
    triune_buffer_release(buffer);
    BOOST_TEST(triune_buffer_find(manager, "named", &buffer) == TRIUNE_OK);
    BOOST_TEST(size_of(buffer) == 10U);
    triune_manager_release(manager);
    manager = nullptr;
    cxx.reset();
    std::size_t count = 0;
    refused(triune_buffer_size(buffer, &count), TRIUNE_STALE_HANDLE, "named");
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(freeing_makes_every_handle_stale_and_the_name_free, OnC) {
    triune_buffer* first = nullptr;
    triune_buffer* second = nullptr;
    triune_buffer_get_or_create(manager, "named", nullptr, nullptr, &first);
    triune_buffer_find(manager, "named", &second);
    BOOST_TEST(triune_buffer_free(first, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(!cxx->contains("named"));
    refused(triune_buffer_reserve(second, 1, TRIUNE_NO_STREAM), TRIUNE_STALE_HANDLE, "named");
    refused(triune_buffer_free(second, TRIUNE_NO_STREAM), TRIUNE_STALE_HANDLE, "named");
    triune_buffer_release(first);
    triune_buffer_release(second);
    triune_buffer* const owner = created("owner", 5);
    BOOST_TEST(triune_buffer_free(owner, nullptr) == TRIUNE_OK);
    BOOST_TEST(cxx->total_allocated_bytes() == 0U);
    triune_buffer_release(owner);
}

BOOST_FIXTURE_TEST_CASE(resizing_goes_both_ways_and_keeps_the_contents, OnC) {
    triune_buffer* const buffer = created("x", 4);
    const std::vector<int> values{1, 2, 3, 4};
    triune_buffer_upload(buffer, 0, values.data(), 16, TRIUNE_NO_STREAM);
    BOOST_TEST(triune_buffer_resize(buffer, 5000, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(size_of(buffer) == 5000U);
    BOOST_TEST(triune_buffer_resize(buffer, 0, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(size_of(buffer) == 0U);
    BOOST_TEST(triune_buffer_resize(buffer, 4, TRIUNE_NO_STREAM) == TRIUNE_OK);
    std::vector<int> back(4);
    BOOST_TEST(triune_buffer_download(buffer, 0, back.data(), 16, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(back == values);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(counts_that_overflow_are_refused_with_the_name, OnC) {
    triune_buffer* const buffer = created("x", 4);
    const std::size_t too_many = std::numeric_limits<std::size_t>::max() / 2;
    refused(triune_buffer_resize(buffer, too_many, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT, "'x'");
    triune_buffer* made = nullptr;
    refused(triune_buffer_create(manager, "y", too_many, nullptr, nullptr, &made), TRIUNE_INVALID_ARGUMENT, "'y'");
    BOOST_TEST(size_of(buffer) == 4U);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(copies_cross_managers_of_a_device, OnC) {
    const auto other = std::make_shared<GpuMemoryManager>(sim);
    triune_manager* other_handle = nullptr;
    c::open_handle(&other_handle, std::make_unique<c::ManagerObject>(c::ManagerObject{other}));
    triune_buffer* const from = created("from", 4);
    triune_buffer* to = nullptr;
    triune_buffer_create(other_handle, "to", 4, nullptr, nullptr, &to);
    const int nine = 9;
    triune_buffer_fill(from, &nine, TRIUNE_NO_STREAM);
    BOOST_TEST(triune_buffer_copy(to, 4, from, 0, 8, TRIUNE_NO_STREAM) == TRIUNE_OK);
    std::vector<int> back(4);
    triune_buffer_download(to, 0, back.data(), 16, TRIUNE_NO_STREAM);
    BOOST_TEST(back == (std::vector<int>{0, 9, 9, 0}));
    refused(triune_buffer_copy(to, 12, from, 0, 8, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT, "to");
    triune_buffer_release(from);
    triune_buffer_release(to);
    triune_manager_release(other_handle);
}

BOOST_FIXTURE_TEST_CASE(downloads_want_their_config_and_a_mode, OnC) {
    triune_buffer* const plain = created("plain", 4);
    refused(triune_download_start(plain, TRIUNE_NO_STREAM, TRIUNE_STAGED), TRIUNE_ASYNC_NOT_ENABLED, "plain");
    triune_buffer_release(plain);
    triune_buffer* const buffer = created("x", 4, downloads());
    refused(triune_download_start(buffer, nullptr, 2), TRIUNE_INVALID_ARGUMENT, "'mode' is 2");
    triune_view* view = nullptr;
    BOOST_TEST(triune_download_latest(buffer, &view) == TRIUNE_OK);
    std::uint64_t sequence = 9;
    triune_view_sequence(view, &sequence);
    BOOST_TEST(sequence == 0U);
    triune_view_release(view);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(a_view_that_is_held_holds_back_the_start_that_would_write_there, OnC) {
    triune_buffer* const buffer = created("x", 4, downloads());
    std::vector<triune_view*> views(2);
    for (triune_view*& each : views) {
        BOOST_TEST(triune_download_start(buffer, TRIUNE_NO_STREAM, TRIUNE_DIRECT) == TRIUNE_OK);
        BOOST_TEST(triune_download_wait(buffer, &each) == TRIUNE_OK);
    }
    int complete = 9;
    refused(triune_download_start(buffer, nullptr, TRIUNE_STAGED), TRIUNE_DOWNLOAD_IN_FLIGHT, "x");
    triune_view_release(views[0]);
    BOOST_TEST(triune_download_start(buffer, nullptr, TRIUNE_STAGED) == TRIUNE_OK);
    triune_view* view = nullptr;
    BOOST_TEST(triune_download_wait(buffer, &view) == TRIUNE_OK);
    refused(triune_download_poll(buffer, nullptr), TRIUNE_INVALID_ARGUMENT, "'complete'");
    static_cast<void>(triune_download_poll(buffer, &complete));
    triune_view_release(views[1]);
    triune_view_release(view);
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(streams_can_be_put_in_order, OnC) {
    const Stream first(sim);
    const Stream waiting(sim);
    triune_buffer* const buffer = created("x", 1000);
    const std::vector<int> ones(1000, 1);
    std::vector<int> back(1000);
    {
        const Held held(sim);
        triune_buffer_upload(buffer, 0, ones.data(), 4000, first.handle());
        BOOST_TEST(triune_manager_order_streams(manager, first.handle(), waiting.handle()) == TRIUNE_OK);
        triune_buffer_download(buffer, 0, back.data(), 4000, waiting.handle());
    }
    waiting.synchronize();
    BOOST_TEST(back == ones);
    refused(triune_manager_order_streams(manager, TRIUNE_NO_STREAM, nullptr), TRIUNE_INVALID_ARGUMENT, "'first'");
    refused(triune_manager_order_streams(manager, nullptr, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT, "'waiting'");
    triune_buffer_release(buffer);
}

BOOST_FIXTURE_TEST_CASE(an_account_draws_from_the_pool_and_gives_back, OnC) {
    triune_account* account = nullptr;
    BOOST_TEST(triune_account_create(manager, "solver", nullptr, &account) == TRIUNE_OK);
    void* address = nullptr;
    BOOST_TEST(triune_account_allocate(account, 1000, 512, nullptr, &address) == TRIUNE_OK);
    BOOST_TEST(cxx->total_allocated_bytes() == 1000U);
    refused(triune_account_allocate(account, 1, 3, nullptr, &address), TRIUNE_INVALID_ARGUMENT, "alignment");
    BOOST_TEST(triune_account_free(account, address, TRIUNE_NO_STREAM) == TRIUNE_OK);
    BOOST_TEST(triune_account_free(account, nullptr, nullptr) == TRIUNE_OK);
    BOOST_TEST(cxx->total_allocated_bytes() == 0U);
    BOOST_TEST(triune_account_release(account) == TRIUNE_OK);
}

BOOST_AUTO_TEST_SUITE_END()
