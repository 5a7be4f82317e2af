// SPDX-License-Identifier: Apache-2.0
// Downloads through a buffer, and the views that they give.
#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "../../contract/gate.hpp"
#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnDownloads : OnManager {
    explicit OnDownloads(sim::SimOptions options = small())
        : OnManager(GpuMemoryManager::default_limit_bytes, options) {}

    BufferHandle<float> buffer = manager.allocate<float>("x", 1000, with_downloads());

    HostView<float> flown() {
        buffer.start_async_download(stream.handle());
        return buffer.wait_for_download();
    }
};

struct OnLateDownloads : OnDownloads {
    OnLateDownloads() : OnDownloads(late()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(host_view, OnDownloads)

BOOST_AUTO_TEST_CASE(a_view_reads_like_an_array) {
    buffer.upload(ascending(1000));
    const auto view = flown();
    BOOST_TEST(view.size() == 1000U);
    BOOST_TEST(view[999] == 999.0F);
    BOOST_TEST(view.at(5) == 5.0F);
    BOOST_CHECK_THROW(view.at(1000), std::out_of_range);
    BOOST_TEST((view.to_vector() == ascending(1000)));
    BOOST_TEST(view.span().size() == 1000U);
    BOOST_TEST(view.end() - view.begin() == 1000);
    BOOST_TEST(view.sequence() == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_view_has_no_elements) {
    const auto view = buffer.latest();
    BOOST_TEST(view.empty());
    BOOST_TEST(view.sequence() == 0U);
    BOOST_TEST(view.data() == nullptr);
    BOOST_TEST(view.to_vector().empty());
    BOOST_CHECK_THROW(view.at(0), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(downloads_deliver_the_size_and_not_the_capacity) {
    buffer.fill(2.0F);
    buffer.set_size(10);
    BOOST_TEST(flown().size() == 10U);
    buffer.set_size(0);
    BOOST_TEST(flown().empty());
    buffer.ensure_capacity(5000);
    const auto view = flown();
    BOOST_TEST(view.size() == 5000U);
    BOOST_TEST(view[9] == 2.0F);
    BOOST_TEST(view[4999] == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_buffer_without_async_refuses_downloads_that_do_not_block) {
    const auto plain = manager.allocate<float>("plain", 10);
    BOOST_TEST(
        mentions(message_of<async_not_enabled>([&] { plain.start_async_download(stream.handle()); }), "'plain'"));
    BOOST_CHECK_THROW(plain.wait_for_download(), async_not_enabled);
    BOOST_CHECK_THROW(plain.latest(), async_not_enabled);
    BOOST_CHECK_THROW(plain.download_pending(), async_not_enabled);
    BOOST_TEST(manager.stats().async_transfer_count == 0U);
    BOOST_TEST(plain.download().size() == 10U);
}

BOOST_AUTO_TEST_CASE(polling_tells_when_a_wait_would_return_at_once) {
    BOOST_TEST(!buffer.poll_download());  // none started
    {
        const Held held(sim);
        buffer.start_async_download(stream.handle());
        BOOST_TEST(!buffer.poll_download());
        BOOST_TEST(buffer.download_pending());
    }
    while (!manager.poll_download<float>("x")) std::this_thread::yield();
    const Held held(sim);
    BOOST_TEST(buffer.wait_for_download().size() == 1000U);
    BOOST_TEST(!buffer.poll_download());
}

BOOST_AUTO_TEST_CASE(polling_is_about_the_newest_start) {
    const auto older = flown();
    BOOST_TEST(older.sequence() == 1U);
    {
        const Held held(sim);
        buffer.start_async_download(stream.handle());
        BOOST_TEST(!buffer.poll_download());  // the older one is complete, and claimed
    }
    BOOST_TEST(buffer.wait_for_download().sequence() == 2U);
}

BOOST_AUTO_TEST_CASE(a_view_outlives_its_buffer) {
    buffer.fill(4.0F);
    const auto view = flown();
    manager.free("x");
    manager.trim();
    BOOST_TEST(view[999] == 4.0F);
}

BOOST_AUTO_TEST_CASE(a_blocking_upload_after_a_start_reaches_no_flight) {
    buffer.fill(1.0F);
    buffer.start_async_download(stream.handle());
    buffer.fill(2.0F);
    BOOST_TEST(buffer.wait_for_download()[0] == 1.0F);
}

BOOST_FIXTURE_TEST_CASE(an_upload_on_another_stream_waits_until_the_source_is_read, OnLateDownloads) {
    const Stream other(sim);
    const std::vector<float> later(1000, 2.0F);
    buffer.fill(1.0F, stream.handle());
    buffer.start_async_download(stream.handle());
    buffer.upload(later, other.handle());
    other.synchronize();
    BOOST_TEST(buffer.wait_for_download()[999] == 1.0F);
    BOOST_TEST(buffer.download()[999] == 2.0F);
}

BOOST_FIXTURE_TEST_CASE(a_growth_on_another_stream_takes_no_memory_from_under_a_flight, OnLateDownloads) {
    const Stream other(sim);
    buffer.fill(1.0F, stream.handle());
    buffer.start_async_download(stream.handle());
    buffer.ensure_capacity(2000, other.handle());
    // Gets the memory that was given up.
    const auto thief = manager.allocate<float>("thief", 0);
    thief.ensure_capacity(1000, other.handle());
    thief.fill(9.0F, other.handle());
    other.synchronize();
    const auto view = buffer.wait_for_download();
    BOOST_TEST(view.size() == 1000U);
    BOOST_TEST(view[0] == 1.0F);
    BOOST_TEST(view[999] == 1.0F);
    BOOST_TEST(buffer.download()[999] == 1.0F);
    BOOST_TEST(thief.download()[999] == 9.0F);
}

BOOST_AUTO_TEST_CASE(freeing_on_another_stream_takes_no_memory_from_under_a_flight) {
    const Stream other(sim);
    auto owner = manager.make_buffer<float>("y", 1000, with_downloads());
    const BufferHandle<float> handle = owner;  // whoever drops the last one waits for the download
    {
        contract::Gate gate(sim, stream.handle());
        owner.fill(1.0F, stream.handle());
        owner.start_async_download(stream.handle(), DownloadMode::direct);
        owner.reset(other.handle());
        const auto thief = manager.allocate<float>("thief", 0);
        thief.ensure_capacity(1000, other.handle());
        thief.fill(9.0F, other.handle());
        BOOST_TEST(!other.query());  // held back by the download
    }
}

BOOST_AUTO_TEST_CASE(the_manager_forwards_by_name_and_counts) {
    buffer.fill(5.0F);
    manager.start_async_download<float>("x", stream.handle());
    BOOST_TEST(manager.wait_for_download<float>("x")[1] == 5.0F);
    BOOST_TEST(manager.latest<float>("x").size() == 1000U);
    BOOST_TEST(manager.stats().async_transfer_count == 1U);
    BOOST_CHECK_THROW(manager.wait_for_download<float>("x"), no_pending_download);
    BOOST_CHECK_THROW(manager.start_async_download<float>("none", stream.handle()), buffer_not_found);
}

BOOST_AUTO_TEST_SUITE_END()
