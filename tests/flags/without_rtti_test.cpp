// SPDX-License-Identifier: Apache-2.0
// A program of which one unit has no run-time type information.
#include <boost/test/unit_test.hpp>

#include <triune/triune.hpp>

std::size_t grow_and_download(triune::BufferHandle<float> buffer, triune::StreamHandle stream);
bool refuses_what_is_too_big(triune::Buffer<float>& buffer);

BOOST_AUTO_TEST_SUITE(without_rtti)

BOOST_AUTO_TEST_CASE(a_unit_without_rtti_works_on_buffers_that_another_has_made) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream(manager.device());
    triune::BufferConfig config;
    config.enable_async = true;
    auto positions = manager.allocate<float>("positions", 1000, config);
    BOOST_TEST(grow_and_download(positions, stream.handle()) == 2000U);
    auto owned = manager.make_buffer<float>("owned", 10, {.max_size_bytes = 4096});
    BOOST_TEST(refuses_what_is_too_big(owned));
    BOOST_TEST(owned.size() == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
