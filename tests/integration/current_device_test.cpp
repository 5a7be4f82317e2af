// SPDX-License-Identifier: Apache-2.0
// All that users call, on the device that the process has: the simulated one, or a GPU. Nothing here needs holds,
// injected failures or device memory that the host can touch.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <triune/triune.hpp>

using namespace triune;

namespace {

std::vector<float> ramp(std::size_t count) {
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

struct Wide {
    std::array<std::uint8_t, 37> bytes;
    bool operator==(const Wide&) const = default;
};

struct OnCurrentDevice {
    Device& device = current_device();
    GpuMemoryManager manager{device, 2 * GiB};
    Stream stream{device};
    Stream other{device};

    ~OnCurrentDevice() { BOOST_TEST(device.synchronize().ok()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(current_device, OnCurrentDevice)

BOOST_AUTO_TEST_CASE(bytes_go_in_out_and_around_whole_and_in_part) {
    const auto made = manager.make_buffer_from("x", ramp(10000));
    const auto second = manager.make_buffer<float>("y", 10000);
    BOOST_TEST((second.download() == std::vector<float>(10000, 0.0F)));
    second.copy_from(made, stream.handle());
    second.fill_at(10, 5, -1.0F, stream.handle());
    second.copy_at(0, made, 9000, 10, stream.handle());
    std::vector<float> seen(20);
    second.download_at(0, seen, stream.handle());
    stream.synchronize();
    for (std::size_t i = 0; i < 20; ++i) {
        const float expected = i < 10 ? 9000.0F + static_cast<float>(i) : i < 15 ? -1.0F : static_cast<float>(i);
        BOOST_TEST(seen[i] == expected);
    }
    second.copy_at(0, second, 5000, 5000);
    BOOST_TEST(second.download()[4999] == 9999.0F);
}

BOOST_AUTO_TEST_CASE(elements_of_any_width_are_filled) {
    Wide wide{};
    std::iota(wide.bytes.begin(), wide.bytes.end(), std::uint8_t{1});
    const auto wides = manager.make_buffer<Wide>("wide", 1001);
    wides.fill(wide, stream.handle());
    BOOST_TEST((wides.download() == std::vector<Wide>(1001, wide)));
    const auto doubles = manager.make_buffer<double>("double", 1001);
    doubles.fill(1.0 / 3.0);
    BOOST_TEST((doubles.download() == std::vector<double>(1001, 1.0 / 3.0)));
    const auto shorts = manager.make_buffer<std::uint16_t>("short", 1001);
    shorts.fill_at(1, 999, std::uint16_t{0x1234});
    const auto seen = shorts.download();
    BOOST_TEST(seen[0] == 0U);
    BOOST_TEST(seen[1] == 0x1234U);
    BOOST_TEST(seen[999] == 0x1234U);
    BOOST_TEST(seen[1000] == 0U);
}

BOOST_AUTO_TEST_CASE(buffers_grow_by_every_tier_and_keep_their_contents) {
    const auto made = manager.allocate<float>("x", 1000);
    made.upload(ramp(1000));
    void* last = made.data();
    unsigned moves = 0;
    for (const std::size_t count : {1001UL, 5000UL, 300'000UL, 9'000'000UL, 14'000'000UL, 30'000'000UL}) {
        made.ensure_capacity(count, stream.handle());
        moves += made.data() != last ? 1 : 0;
        last = made.data();
        std::vector<float> front(1000);
        made.download_at(0, front);
        BOOST_TEST((front == ramp(1000)));
        std::vector<float> end(1);
        made.download_at(count - 1, end);
        BOOST_TEST(end[0] == 0.0F);
    }
    // From the threshold on, 9 million floats and more, the address stays where the device can map memory.
    if (device.properties().virtual_memory) BOOST_TEST(moves <= 4U);
    made.set_size(10);
    made.shrink_to_fit(stream.handle());
    BOOST_TEST((made.download() == ramp(10)));
    BOOST_TEST(manager.total_allocated_bytes() == 40U);
}

BOOST_AUTO_TEST_CASE(downloads_deliver_their_place_in_the_stream) {
    BufferConfig config;
    config.enable_async = true;
    const auto made = manager.allocate<float>("x", 1'000'000, config);
    BOOST_TEST(!made.poll_download());
    for (int round = 1; round <= 5; ++round) {
        const auto value = static_cast<float>(round);
        made.fill(value, stream.handle());
        made.start_async_download(stream.handle());
        made.fill(-1.0F, round % 2 == 0 ? stream.handle() : other.handle());
        if (round % 2 == 0) {
            while (!made.poll_download()) std::this_thread::yield();
        }
        const auto view = made.wait_for_download();
        BOOST_TEST(view.sequence() == static_cast<std::uint64_t>(round));
        BOOST_TEST((view.to_vector() == std::vector<float>(1'000'000, value)));
        BOOST_TEST(made.latest().sequence() == view.sequence());
        other.synchronize();  // no stream orders the next round after it
    }
    made.fill(8.0F, stream.handle());
    made.start_async_download(stream.handle(), DownloadMode::direct);
    const auto view = made.wait_for_download();
    BOOST_TEST(view[999'999] == 8.0F);
    made.start_async_download(stream.handle());
    BOOST_TEST(made.wait_for_download().size() == 1'000'000U);
    BOOST_CHECK_THROW(made.start_async_download(stream.handle()), download_in_flight);  // over `view`
}

BOOST_AUTO_TEST_CASE(groups_and_graphs_move_as_one) {
    BufferGroup<float> group(manager, "g", {"x", "y", "z"}, 1000);
    const auto values = ramp(1000);
    group.upload({values, values, values}, stream.handle());
    group.start_async_download(stream.handle());
    group.ensure_capacity(50'000, other.handle());
    group.fill(3.0F, other.handle());
    const auto view = group.wait_for_download();
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((view[i].to_vector() == values));
    BOOST_TEST(group.download()[2][49'999] == 3.0F);

    GraphArrays graph(manager, 1000, 3000);
    graph.upload_positions(values, values, values);
    graph.start_positions_download();
    graph.swap_buffers();
    graph.pos_out_x.fill(-1.0F, graph.stream().handle());
    BOOST_TEST(graph.wait_for_positions().x[999] == 999.0F);
    graph.swap_buffers();
    graph.resize(100'000, 200'000);
    BOOST_TEST(std::get<1>(graph.download_positions())[999] == 999.0F);
    BOOST_TEST(graph.mass.download()[99'999] == 1.0F);
    resize_cell_buffers(manager, 10'000);
    BOOST_TEST(manager.get_untyped("pos_x").capacity_bytes() == 120'000U);
}

BOOST_AUTO_TEST_CASE(limits_and_a_device_that_is_full_are_told_and_change_nothing) {
    const auto made = manager.allocate<float>("x", 1000);
    made.fill(4.0F);
    BOOST_CHECK_THROW(manager.allocate<float>("big", GiB / 4 + 1), max_size_exceeded);
    BOOST_CHECK_THROW(static_cast<void>(manager.make_buffer<float>("big", GiB / 2)), limit_exceeded);
    GpuMemoryManager unlimited(device, std::numeric_limits<std::size_t>::max());
    const std::size_t beyond = device.properties().total_bytes / sizeof(float) + 1;
    BOOST_CHECK_THROW(static_cast<void>(unlimited.make_buffer<float>("beyond", beyond)), out_of_memory);
    BOOST_TEST(unlimited.total_allocated_bytes() == 0U);
    BOOST_TEST(made.download()[999] == 4.0F);
    BOOST_TEST(device.last_error().ok());  // nobody meets the refusal a second time
}

BOOST_AUTO_TEST_CASE(memory_serves_again_on_its_stream_and_elsewhere_after_its_work) {
    for (int round = 0; round < 20; ++round) {
        auto first = manager.make_buffer<float>("first", 100'000, {}, stream.handle());
        first.fill(1.0F, stream.handle());
        first.reset(stream.handle());
        const auto second = manager.make_buffer<float>("second", 100'000, {}, other.handle());
        second.fill(2.0F, other.handle());
        const auto third = manager.make_buffer<float>("third", 100'000, {}, stream.handle());
        BOOST_TEST((second.download() == std::vector<float>(100'000, 2.0F)));
        BOOST_TEST((third.download() == std::vector<float>(100'000, 0.0F)));
    }
    manager.trim();
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
