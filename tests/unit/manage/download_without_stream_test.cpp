// SPDX-License-Identifier: Apache-2.0
// Downloads that are started without a stream: after all work queued on the device by then.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <thread>

#include <triune/base/error.hpp>

#include "../../contract/gate.hpp"
#include "on_manager.hpp"

using namespace triune;

namespace {

constexpr std::size_t count = 1000;

struct WithoutStream : OnManager {
    BufferHandle<float> buffer = manager.allocate<float>("positions", count, with_downloads());
    const Stream other{sim};

    // As a kernel of the program's own, of which the library does not know.
    void write(float value, StreamHandle on) {
        BOOST_REQUIRE(sim.fill(buffer.data(), std::bit_cast<std::uint32_t>(value), 4, count, on).ok());
    }
    static bool all(const HostView<float>& view, float value) {
        return view.size() == count && std::all_of(view.begin(), view.end(), [=](float each) { return each == value; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(download_without_stream, WithoutStream)

BOOST_AUTO_TEST_CASE(it_delivers_what_any_stream_wrote_before_and_its_start_waits_for_nothing) {
    for (const StreamHandle writer : {stream.handle(), other.handle(), StreamHandle{nullptr}}) {
        {
            const Held held(sim);  // a start that waited would hang
            write(1, writer);
            manager.start_async_download<float>("positions");
        }
        BOOST_TEST(all(manager.wait_for_download<float>("positions"), 1));
        write(0, writer);
        BOOST_REQUIRE(sim.synchronize().ok());
    }
}

BOOST_AUTO_TEST_CASE(a_handle_a_group_and_an_untyped_buffer_start_alike) {
    BufferGroup<float> group(manager, "group", {"x", "y"}, count);
    const UntypedBuffer bytes = manager.make_untyped("bytes", with_downloads());
    bytes.ensure_capacity(count);
    {
        const Held held(sim);
        write(2, stream.handle());
        buffer.start_async_download();
        group[0].fill(3, stream.handle());
        group[1].fill(4, other.handle());
        group.start_async_download();
        BOOST_REQUIRE(sim.fill(bytes.data(), 5, 1, bytes.size_bytes(), other.handle()).ok());
        bytes.start_async_download();
    }
    BOOST_TEST(all(buffer.wait_for_download(), 2));
    const GroupView<float> view = group.wait_for_download();
    BOOST_TEST(all(view[0], 3));
    BOOST_TEST(all(view[1], 4));
    BOOST_TEST((bytes.wait_for_download()[bytes.size_bytes() - 1] == std::byte{5}));
}

// The staging waits for the kernel at the gate, and the default stream has nothing to wait for but the staging.
BOOST_AUTO_TEST_CASE(what_the_default_stream_writes_later_does_not_reach_it) {
    write(1, stream.handle());
    stream.synchronize();
    {
        const contract::Gate kernel(sim, stream.handle());
        buffer.start_async_download();
        write(2, nullptr);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // work that nothing holds back is done by then
    }
    BOOST_TEST(all(buffer.wait_for_download(), 1));
    BOOST_TEST(buffer.download()[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(what_the_library_writes_later_on_any_stream_does_not_reach_it) {
    for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
        {
            const Held held(sim);
            buffer.fill(1, stream.handle());
            buffer.start_async_download(mode);
            buffer.fill(2, other.handle());
        }
        BOOST_TEST(all(buffer.wait_for_download(), 1));
        stream.synchronize();
        other.synchronize();
    }
}

// The download waits for the kernel at the gate, and whatever blocks waits for its own work alone.
BOOST_AUTO_TEST_CASE(what_it_waits_for_holds_no_blocking_call_up, *boost::unit_test::timeout(60)) {
    {
        const contract::Gate kernel(sim, other.handle());
        buffer.start_async_download();
        const auto made = manager.make_buffer<float>("y", count);  // zeroed, and finished when it returns
        BOOST_TEST(made.size() == count);
        BOOST_TEST(buffer.download_pending());
    }
    BOOST_TEST(all(buffer.wait_for_download(), 0));
}

struct WithoutDeviceEvents : OnManager {
    static sim::SimOptions plain() {
        auto options = small();
        options.device_events = false;
        return options;
    }
    WithoutDeviceEvents() : OnManager(GpuMemoryManager::default_limit_bytes, plain()) {}
};

BOOST_FIXTURE_TEST_CASE(a_device_that_cannot_mark_all_its_work_refuses_and_nothing_has_changed, WithoutDeviceEvents) {
    const Quiet quiet;
    const auto made = manager.allocate<float>("x", count, with_downloads());
    BOOST_CHECK_THROW(made.start_async_download(), device_error);
    BOOST_TEST(!made.download_pending());
    made.start_async_download(stream.handle());
    BOOST_TEST(made.wait_for_download().size() == count);
}

BOOST_AUTO_TEST_CASE(while_a_stream_captures_it_is_refused_and_nothing_has_changed) {
    const Quiet quiet;
    buffer.fill(1, stream.handle());
    sim.begin_capture(other.handle());
    BOOST_CHECK_THROW(buffer.start_async_download(), device_error);
    static_cast<void>(sim.end_capture(other.handle()));
    BOOST_TEST(!buffer.download_pending());
    BOOST_CHECK_THROW(buffer.wait_for_download(), no_pending_download);
    buffer.start_async_download();
    BOOST_TEST(all(buffer.wait_for_download(), 1));
}

BOOST_AUTO_TEST_CASE(what_is_refused_with_a_stream_is_refused_without_one) {
    const BufferHandle<float> plain = manager.allocate<float>("plain", 10);
    BOOST_CHECK_THROW(plain.start_async_download(), async_not_enabled);
    BOOST_CHECK_THROW(manager.start_async_download<float>("position"), buffer_not_found);
    BOOST_CHECK_THROW(manager.start_async_download<int>("positions"), type_mismatch);
    manager.free("positions");
    BOOST_CHECK_THROW(buffer.start_async_download(), stale_handle);
}

BOOST_AUTO_TEST_SUITE_END()
