// SPDX-License-Identifier: Apache-2.0
// Arguments that the originals refused: their codes and texts, and nothing changed.
#include "facades.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "graph_arrays.hpp"
#include "utils/gpu_memory.hpp"

#include <limits>

BOOST_FIXTURE_TEST_SUITE(bad_input, Facades)

namespace {

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

struct Refused {
    utils::CudaError code = utils::CudaError::Success;
    std::string text;
    bool operator==(const Refused&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) {
    return out << static_cast<int>(refused.code) << " '" << refused.text << "'";
}

template <typename Call>
Refused refused(Call&& call) {
    try {
        call();
    } catch (const utils::CudaException& error) {
        return {error.code(), error.what()};
    }
    return {};
}

Refused invalid(const std::string& text) { return {utils::CudaError::InvalidValue, text}; }
Refused too_large(const std::string& text) { return {utils::CudaError::OutOfMemory, text}; }

}  // namespace

BOOST_AUTO_TEST_CASE(copies_of_another_length_name_both_lengths) {
    auto buffer = utils::DeviceBuffer<float>::filled(3, 2.0F);
    Floats two(2, 9.0F);
    BOOST_TEST(refused([&] { buffer.copy_from(two); }) ==
               invalid("Copy of 8 bytes does not match the buffer's 12 bytes"));
    BOOST_TEST(refused([&] { buffer.copy_to(two); }) ==
               invalid("Copy of 8 bytes does not match the buffer's 12 bytes"));
    BOOST_TEST(refused([&] { utils::DeviceBuffer<float>().copy_from(two); }) ==
               invalid("Copy of 8 bytes does not match the buffer's 0 bytes"));
    BOOST_TEST(two == Floats(2, 9.0F), boost::test_tools::per_element());
    BOOST_TEST(all_of(buffer) == Floats(3, 2.0F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sizes_beyond_all_memory_are_out_of_memory) {
    BOOST_TEST(refused([] { utils::DeviceBuffer<double>::zeroed(most / 2); }) ==
               too_large("Allocation of 9223372036854775807 elements of 8 bytes is too large"));
    BOOST_TEST(refused([] { utils::create_managed_buffer<double>(most, "huge"); }) ==
               too_large("Allocation of 18446744073709551615 elements of 8 bytes is too large"));
    BOOST_TEST(refused([] { utils::CudaMemoryGuard(most, "huge", nullptr); }).code == utils::CudaError::OutOfMemory);
    BOOST_TEST(refused([] { utils::UnifiedGPUCompute(1, most / 2); }).code == utils::CudaError::OutOfMemory);
    BOOST_TEST(refused([] { utils::UnifiedGPUCompute(most, 1); }).code == utils::CudaError::OutOfMemory);
    BOOST_TEST(utils::check_gpu_memory_leaks().empty());
}

BOOST_AUTO_TEST_CASE(a_guard_refuses_what_does_not_fit_and_null_pointers) {
    const utils::CudaMemoryGuard guard(4, "the guard", nullptr);
    guard.copy_from_host("abcd", 4);
    std::string read(5, '.');
    BOOST_TEST(refused([&] { guard.copy_from_host("12345", 5); }) ==
               invalid("Copy of 5 bytes exceeds the 4 bytes of the guard"));
    BOOST_TEST(refused([&] { guard.copy_to_host(read.data(), 5); }) ==
               invalid("Copy of 5 bytes exceeds the 4 bytes of the guard"));
    BOOST_TEST(refused([&] { guard.copy_from_host(nullptr, 2); }).code == utils::CudaError::InvalidValue);
    BOOST_TEST(refused([&] { guard.copy_to_host(nullptr, 2); }).code == utils::CudaError::InvalidValue);
    guard.copy_to_host(read.data(), 4);
    BOOST_TEST(read == "abcd.");
}

BOOST_AUTO_TEST_CASE(graphs_name_the_array_of_another_length_and_both_lengths) {
    utils::UnifiedGPUCompute graph(3, 1);
    graph.upload_positions({1, 2, 3}, {4, 5, 6}, {7, 8, 9});
    const Floats three(3), two(2), four(4);
    BOOST_TEST(refused([&] { graph.upload_positions(two, three, three); }) ==
               invalid("x positions: 2 values given, 3 expected"));
    BOOST_TEST(refused([&] { graph.upload_positions(three, four, three); }) ==
               invalid("y positions: 4 values given, 3 expected"));
    BOOST_TEST(refused([&] { graph.upload_positions(three, three, {}); }) ==
               invalid("z positions: 0 values given, 3 expected"));
    BOOST_TEST(refused([&] { graph.upload_velocities(three, three, two); }) ==
               invalid("z velocities: 2 values given, 3 expected"));
    BOOST_TEST(refused([&] { graph.upload_edges_csr({0, 1}, {0}, {1}); }) ==
               invalid("row offsets: 2 values given, 4 expected"));
    BOOST_TEST(refused([&] { graph.upload_edges_csr({0, 0, 0, 1}, {0}, {1, 2}); }) ==
               invalid("edge weights: 2 values given, 1 expected"));
    BOOST_TEST(refused([&] { graph.upload_edges_csr({0, 1, 1, 2}, {0, 1}, {1, 2}); }) ==
               invalid("2 edges given, 1 allocated"));
    BOOST_TEST((graph.get_node_positions() == utils::NodeVectors{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
    BOOST_TEST(graph.num_edges == 1U);
    BOOST_TEST(all_of(graph.edge_row_offsets) == Integers(4, 0), boost::test_tools::per_element());
}

// The counts are public, so an application can set them to what the arrays do not have.
BOOST_AUTO_TEST_CASE(counts_that_the_arrays_do_not_have_are_invalid) {
    utils::UnifiedGPUCompute graph(3, 1);
    graph.num_nodes = 4;
    BOOST_TEST(refused([&] { graph.get_node_positions(); }).code == utils::CudaError::InvalidValue);
    BOOST_TEST(refused([&] { graph.get_node_velocities_async(); }).code == utils::CudaError::InvalidValue);
    BOOST_TEST(refused([&] { graph.start_async_download_positions(); }).code == utils::CudaError::InvalidValue);
    BOOST_TEST(refused([&] { graph.upload_positions(Floats(4), Floats(4), Floats(4)); }).code ==
               utils::CudaError::InvalidValue);
    graph.num_nodes = most / 2;
    BOOST_TEST(refused([&] { graph.get_node_positions(); }).code == utils::CudaError::InvalidValue);
    graph.num_nodes = 3;
    BOOST_TEST((graph.get_node_positions() == three(3, 0)));
}

// So are the arrays: one may stand there that is too short.
BOOST_AUTO_TEST_CASE(an_array_that_is_too_short_is_invalid_before_another_is_written) {
    utils::UnifiedGPUCompute graph(3, 2);
    graph.pos_in_z = utils::DeviceBuffer<float>::zeroed(2);
    graph.edge_weights = utils::DeviceBuffer<float>::zeroed(1);
    BOOST_TEST(refused([&] { graph.upload_positions({1, 2, 3}, {1, 2, 3}, {1, 2, 3}); }).code ==
               utils::CudaError::InvalidValue);
    BOOST_TEST(refused([&] { graph.upload_edges_csr({0, 1, 2, 2}, {1, 0}, {1, 1}); }).code == utils::CudaError::InvalidValue);
    BOOST_TEST(all_of(graph.pos_in_x) == Floats(3, 0.0F), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_row_offsets) == Integers(4, 0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(module_2_refuses_with_its_text_and_changes_nothing) {
    gpu::DynamicBufferManager buffers(nullptr);
    gpu::DynamicGpuBuffer& buffer = buffers.get_or_create_buffer("cells", {8, 1.5F, 800, 80});
    buffer.ensure_capacity(10);
    buffer.set_size(33);
    BOOST_TEST(text_of([&] { buffer.ensure_capacity(101); }) ==
               "Required size 808 exceeds maximum buffer size 800 for cells");
    BOOST_TEST(text_of([&] { buffer.ensure_capacity(most); }).find("cells") != std::string::npos);
    BOOST_TEST(buffer.capacity_bytes() == 80U);
    BOOST_TEST(buffer.size_bytes() == 33U);
    BOOST_TEST(!text_of([&] { buffers.resize_cell_buffers(most); }).empty());
    BOOST_TEST(buffers.get_all_stats().size() == 1U);
    BOOST_TEST(buffers.get_total_allocation() == 80U);
}

BOOST_AUTO_TEST_SUITE_END()
