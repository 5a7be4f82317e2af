// SPDX-License-Identifier: Apache-2.0
// The program that the documents show, on the current device.
#include <boost/test/unit_test.hpp>

#include <vector>

#include <triune/triune.hpp>

namespace {

struct Physics {
    float* positions;
    std::size_t count;
};

// Stands for a kernel: runs in the stream's order, here on the host.
void launch_physics(triune::Device& device, Physics& physics, triune::StreamHandle stream) {
    const auto run = [](void* argument) {
        const auto& [positions, count] = *static_cast<Physics*>(argument);
        for (std::size_t i = 0; i < count; ++i) positions[i] = 2.0F * static_cast<float>(i);
    };
    BOOST_TEST_REQUIRE(device.stream_call(stream, run, &physics).ok());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(documented_example)

BOOST_AUTO_TEST_CASE(the_first_program_works_as_written) {
    const triune::Stream owned_stream;
    const triune::StreamHandle stream = owned_stream.handle();

    triune::GpuMemoryManager manager;
    auto positions = manager.allocate<float>("positions", 1000, triune::BufferConfig::for_positions());
    positions.ensure_capacity(5000);
    BOOST_TEST(positions.size() == 5000U);
    if (!manager.device().properties().host_addressable) return;
    Physics physics{positions.data(), positions.size()};
    launch_physics(manager.device(), physics, stream);
    manager.start_async_download<float>("positions", stream);
    const triune::HostView<float> now = manager.wait_for_download<float>("positions");
    BOOST_TEST(now.size() == 5000U);
    BOOST_TEST(now[4999] == 9998.0F);
    manager.free("positions");
    BOOST_TEST(manager.check_leaks().empty());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_CHECK_THROW(positions.size(), triune::stale_handle);
}

BOOST_AUTO_TEST_CASE(one_include_gives_every_public_name) {
    triune::GpuMemoryManager limited = triune::GpuMemoryManager::with_limit(triune::MiB);
    triune::BufferGroup<float> nodes(limited, "nodes", {"x", "y"}, 10);
    triune::GraphArrays graph(limited, 10, 20);
    triune::resize_cell_buffers(limited, 10);
    triune::LabelCache labels;
    triune::StreamSet streams;
    triune::Event event;
    event.record(streams.compute().handle());
    event.synchronize();
    BOOST_TEST(nodes.size() == 10U);
    BOOST_TEST(graph.num_edges == 20U);
    BOOST_TEST(triune::Buffer<int>::filled(3, 4).download().back() == 4);
}

BOOST_AUTO_TEST_SUITE_END()
