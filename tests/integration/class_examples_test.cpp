// SPDX-License-Identifier: Apache-2.0
// The examples of docs/examples.md, as written: one for each class that the tutorial does not show.
#include <boost/test/unit_test.hpp>

#include <iostream>
#include <sstream>
#include <vector>

#include <triune/device/sim/sim_device.hpp>
#include <triune/triune.hpp>

namespace {

int ranges = 0;

}  // namespace

BOOST_AUTO_TEST_SUITE(class_examples)

BOOST_AUTO_TEST_CASE(streams_and_events) {
    triune::GpuMemoryManager manager;
    const auto field = manager.allocate<int>("field", 1000);
    const triune::StreamSet streams;
    field.fill(7, streams.compute().handle());
    triune::Event filled;
    filled.record(streams.compute().handle());
    filled.synchronize();  // waits for the fill, not for what is queued later
    streams.synchronize();
    BOOST_TEST(field.download().back() == 7);
    BOOST_TEST(filled.query());
}

BOOST_AUTO_TEST_CASE(handles_and_untyped_buffers) {
    triune::GpuMemoryManager manager;
    manager.allocate<float>("speeds", 100);
    const triune::BufferHandle<float> speeds = manager.get_buffer<float>("speeds");  // refers, and frees nothing

    triune::BufferConfig records;
    records.bytes_per_element = 24;
    triune::UntypedHandle table = manager.get_or_create("table", records);  // the manager's
    table.ensure_capacity(1000);
    const triune::UntypedBuffer copy = manager.make_untyped("copy", records);  // freed at scope end
    copy.ensure_capacity(1000);
    copy.copy_from(table);
    BOOST_TEST(speeds.size() == 100U);
    BOOST_TEST(copy.size_bytes() == 24'000U);
}

BOOST_AUTO_TEST_CASE(a_graph) {
    triune::GpuMemoryManager manager;
    triune::GraphArrays graph(manager, 3, 2);
    graph.upload_positions(std::vector{1.0F, 2.0F, 3.0F}, std::vector{0.0F, 0.0F, 0.0F}, std::vector{5.0F, 5.0F, 5.0F});
    graph.start_positions_download();                           // after what is queued on graph.stream()
    const triune::NodeViews views = graph.wait_for_positions();  // pinned memory, three arrays of one moment
    const triune::NodeVectors mine = views.to_vectors();         // a copy to keep
    BOOST_TEST(views.x[2] == 3.0F);
    BOOST_TEST(std::get<2>(mine).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_grid) {
    triune::GpuMemoryManager manager;
    triune::resize_cell_buffers(manager, 1000);  // thirteen buffers, all or none
    std::size_t bytes = 0;
    for (const triune::CellBuffer& each : triune::cell_buffers) {
        bytes += manager.get_untyped(each.name).capacity_bytes();
    }
    BOOST_TEST(bytes == manager.total_allocated_bytes());
}

BOOST_AUTO_TEST_CASE(a_label_cache) {
    triune::LabelCache cache;
    const auto doubled = [](const triune::LabelCache::Labels& labels) {
        triune::LabelCache::Labels result = labels;
        for (auto& each : result) each *= 2;
        return result;
    };
    cache.get_or_compute({1, 2, 3}, doubled);
    cache.get_or_compute({1, 2, 3}, doubled);  // found, not computed
    const auto [hits, misses, rate] = cache.stats();
    BOOST_TEST(hits == 1U);
    BOOST_TEST(misses == 1U);
    BOOST_TEST(rate == 0.5);
}

BOOST_AUTO_TEST_CASE(what_a_frame_allocates) {
    triune::GpuMemoryManager manager;
    triune::MemoryScope frame(manager, "frame");
    const auto scratch = manager.make_buffer<float>("scratch", 1000);
    frame.close();
    const triune::AllocationList left = frame.alive();  // of what was made inside
    BOOST_TEST(frame.net_bytes() == 4000);
    BOOST_TEST(left.front().name() == "scratch");
}

BOOST_AUTO_TEST_CASE(a_snapshot_and_its_stacks) {
    triune::GpuMemoryManager manager;
    manager.set_stack_traces(true);
    const auto kept = manager.make_buffer<float>("kept", 1000);
    const triune::MemorySnapshot now = manager.snapshot();
    std::ostringstream out;
    out << now.to_table();  // or to_json()
    const triune::AllocationFacts& first = now.records.front();
    if (const triune::StackTrace* stack = first.stack()) {
        for (const std::string& line : stack->lines()) out << line << '\n';
    }
    BOOST_TEST(out.str().find("kept") != std::string::npos);
    BOOST_TEST(first.stack() != nullptr);
}

BOOST_AUTO_TEST_CASE(statistics_by_buffer) {
    triune::GpuMemoryManager manager;
    const auto field = manager.allocate<float>("field", 1000);
    field.set_size(250);
    std::ostringstream out;
    const triune::Statistics all = manager.stats();
    for (const triune::BufferStats& each : all.buffer_stats) {
        out << each.name << " is used to " << 100 * each.utilization << "%\n";
    }
    BOOST_TEST(out.str() == "field is used to 25%\n");
    BOOST_TEST(all.total_allocated_bytes == 4000U);
}

BOOST_AUTO_TEST_CASE(memory_by_address) {
    auto manager = triune::GpuMemoryManager::with_limit(10'000);
    const triune::Stream stream;
    const triune::PoolAccount account(manager, "solver");
    const auto order = triune::StreamOrder::on(stream.handle());
    void* const block = account.allocate(4096, 256, order);
    account.deallocate(block, order);  // serves again at once on this stream
    bool refused = false;
    try {
        account.allocate(1'000'000, 256, order);
    } catch (const triune::bad_allocation& error) {  // a std::bad_alloc that says why
        refused = error.code() == triune::Errc::limit_exceeded;
    }
    BOOST_TEST(refused);
    BOOST_TEST(account.drawn_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_simulated_device) {
    int number = 0;
    bool all_returned = false;
    triune::sim::SimDevice gpu(triune::sim::SimOptions{.capacity_bytes = 64 * triune::MiB});
    {
        triune::GpuMemoryManager on_simulated(gpu);
        const auto field = on_simulated.make_buffer<int>("field", 1000);
        gpu.fail(triune::Verb::copy, 1, 700);  // the next copy, with the number that CUDA has for a bad address
        try {
            field.download();
        } catch (const triune::device_error& error) {
            number = error.cuda_error();
        }
    }
    all_returned = gpu.ledger().balanced() && gpu.misuse().empty();
    BOOST_TEST(number == 700);
    BOOST_TEST(all_returned);
}

BOOST_AUTO_TEST_CASE(ranges_on_a_time_line) {
    static constexpr triune::trace::Sink counting{[](const char*, std::string_view) noexcept { ++ranges; },
                                                  []() noexcept {}};
    triune::trace::set_sink(&counting);  // else NVTX, where a profiler runs
    {
        const triune::trace::Range frame("frame", "first");  // to the end of this scope
    }
    triune::trace::set_sink(nullptr);
    BOOST_TEST(ranges == 1);
}

BOOST_AUTO_TEST_SUITE_END()
