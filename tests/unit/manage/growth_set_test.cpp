// SPDX-License-Identifier: Apache-2.0
// Several buffers that grow as one.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/storage.hpp>
#include <triune/manage/growth_set.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnSet : OnManager {
    DeviceResources& resources = *manager.core()->resources;
    Stream stream{sim};

    std::vector<UntypedBuffer> buffers(std::size_t count) {
        std::vector<UntypedBuffer> made;
        for (std::size_t i = 0; i < count; ++i) made.push_back(manager.make_untyped("b" + std::to_string(i), {}));
        return made;
    }
    static std::vector<std::byte> contents(const UntypedBuffer& buffer) {
        buffer.set_size_bytes(buffer.capacity_bytes());
        std::vector<std::byte> bytes(buffer.size_bytes());
        buffer.download_bytes(bytes.data(), bytes.size());
        return bytes;
    }
    static bool zero(const std::vector<std::byte>& bytes) {
        return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{}; });
    }
    // Leaves the pool's memory full of something else, where the next buffers will be.
    void soil() {
        const auto old = manager.make_untyped("soil", {});
        old.ensure_capacity(64 * 1024);
        const int ones = -1;
        old.fill(&ones);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(growth_set, OnSet)

BOOST_AUTO_TEST_CASE(new_elements_that_adjoin_are_zeroed_by_one_call_that_is_waited_for_once) {
    const auto made = buffers(13);
    const auto fills = sim.calls(Verb::fill);
    const auto waits = sim.calls(Verb::stream_synchronize);
    Shortage shortage;
    GrowthSet growths(resources, StreamOrder::after_all(), made.size(), shortage);
    for (const auto& buffer : made) buffer.reserve(1000, growths);
    growths.finish();
    growths.commit();
    BOOST_TEST(sim.calls(Verb::fill) - fills == 1U);
    BOOST_TEST(sim.calls(Verb::stream_synchronize) - waits == 1U);
    for (const auto& buffer : made) BOOST_TEST(zero(contents(buffer)));
}

// What lies side by side is zeroed by one call within one allocation of the device only.
BOOST_AUTO_TEST_CASE(blocks_of_one_range_of_addresses_are_told_from_arenas) {
    Storage one = Storage::pooled(resources, 4096, stream.handle());
    Storage two = Storage::pooled(resources, 4096, stream.handle());
    Storage large = Storage::pooled(resources, 2 * MiB, stream.handle());  // in the zone of large blocks
    Storage first = Storage::mapped(resources, 2 * MiB, 2 * MiB);
    Storage second = Storage::mapped(resources, 2 * MiB, 2 * MiB);
    BOOST_TEST(one.allocation() == two.allocation());
    BOOST_TEST(one.allocation() != large.allocation());
    BOOST_TEST(one.allocation() != first.allocation());
    BOOST_TEST(first.allocation() != second.allocation());
    for (Storage* each : {&one, &two, &large, &first, &second})
        each->release(resources, StreamOrder::on(stream.handle()));
}

// Arenas may lie side by side in the process's addresses, of small granules they mostly do: no call reaches from one
// into the next.
BOOST_AUTO_TEST_CASE(zeroes_of_arenas_that_adjoin_are_not_joined) {
    constexpr std::size_t bytes = 64 * KiB;
    sim::SimOptions options = small();
    options.chunk_granularity = 4 * KiB;
    OnManager on(GpuMemoryManager::default_limit_bytes, options);
    BufferConfig config = mapped();
    config.max_size_bytes = config.min_size_bytes = bytes;
    std::vector<UntypedBuffer> made;
    for (int i = 0; i < 16; ++i) made.push_back(on.manager.make_untyped("b" + std::to_string(i), config));
    const auto fills = on.sim.calls(Verb::fill);
    Shortage shortage;
    GrowthSet growths(*on.manager.core()->resources, StreamOrder::after_all(), made.size(), shortage);
    for (const auto& buffer : made) buffer.reserve(1, growths);
    growths.finish();
    growths.commit();
    BOOST_TEST(on.sim.calls(Verb::fill) - fills == made.size());
    const auto adjoins = [&](const UntypedBuffer& before) {
        return std::any_of(made.begin(), made.end(), [&](const UntypedBuffer& after) {
            return static_cast<std::byte*>(after.data()) == static_cast<std::byte*>(before.data()) + bytes;
        });
    };
    BOOST_TEST_WARN(std::any_of(made.begin(), made.end(), adjoins), "no two adjoin: nothing was tried");
    for (const auto& buffer : made) BOOST_TEST(zero(contents(buffer)));
}

// Whatever lies between two that grow keeps what it has.
BOOST_AUTO_TEST_CASE(a_buffer_between_two_that_grow_is_left_alone) {
    soil();
    auto made = buffers(3);
    made[1].ensure_capacity(1000);
    const int ones = -1;
    made[1].fill(&ones);
    Shortage shortage;
    GrowthSet growths(resources, StreamOrder::after_all(), 2, shortage);
    made[0].reserve(1000, growths);
    made[2].reserve(1000, growths);
    growths.finish();
    growths.commit();
    const auto between = contents(made[1]);
    BOOST_TEST(std::count(between.begin(), between.begin() + 4000, std::byte{0xFF}) == 4000);
    BOOST_TEST(zero(contents(made[0])));
    BOOST_TEST(zero(contents(made[2])));
}

BOOST_AUTO_TEST_CASE(what_was_there_is_kept_and_only_the_rest_is_zero) {
    soil();
    auto made = buffers(2);
    const auto values = ascending<int>(2000);
    for (const auto& buffer : made) {
        buffer.ensure_capacity(2000);
        buffer.upload_bytes(values.data(), 8000);
    }
    Shortage shortage;
    GrowthSet growths(resources, StreamOrder::after_all(), 2, shortage);
    for (const auto& buffer : made) buffer.reserve(5000, growths);
    growths.finish();
    growths.commit();
    for (const auto& buffer : made) {
        auto bytes = contents(buffer);
        BOOST_TEST(std::memcmp(bytes.data(), values.data(), 8000) == 0);
        bytes.erase(bytes.begin(), bytes.begin() + 8000);
        BOOST_TEST(zero(bytes));
    }
}

BOOST_AUTO_TEST_CASE(on_a_stream_nothing_is_waited_for) {
    const auto made = buffers(4);
    {
        const Held held(sim);
        Shortage shortage;
        GrowthSet growths(resources, StreamOrder::on(stream.handle()), made.size(), shortage);
        for (const auto& buffer : made) buffer.reserve(1000, growths);
        growths.finish();
        growths.commit();
    }
    stream.synchronize();
    for (const auto& buffer : made) BOOST_TEST(zero(contents(buffer)));
}

BOOST_AUTO_TEST_CASE(elements_from_one_on_are_filled_with_a_value) {
    soil();
    const auto made = manager.make_untyped("ones", {});
    made.ensure_capacity(10);
    const auto values = ascending<float>(10);
    made.upload_bytes(values.data(), 40);
    Shortage shortage;
    GrowthSet growths(resources, StreamOrder::after_all(), 1, shortage);
    growths.require_filled(made, 4 * 2000, 4 * 5, 4 * 2000, std::bit_cast<std::uint32_t>(1.0F));
    growths.finish();
    growths.commit();
    BOOST_TEST(made.size() == 2000U);
    std::vector<float> found(2000);
    made.download_bytes(found.data(), 8000);
    BOOST_TEST(found[4] == 4.0F);
    BOOST_TEST(std::count(found.begin() + 5, found.end(), 1.0F) == 1995);
}

BOOST_AUTO_TEST_CASE(a_set_that_is_dropped_leaves_all_as_it_was) {
    const auto made = buffers(3);
    made[0].ensure_capacity(10);
    const std::size_t before = manager.total_allocated_bytes();
    const void* const place = made[0].data();
    {
        Shortage shortage;
        GrowthSet growths(resources, StreamOrder::after_all(), made.size(), shortage);
        for (const auto& buffer : made) buffer.reserve(5000, growths);
        growths.finish();
    }
    BOOST_TEST(manager.total_allocated_bytes() == before);
    BOOST_TEST(made[0].data() == place);
    BOOST_TEST(!made[1].is_allocated());
}

BOOST_AUTO_TEST_CASE(where_zeroing_fails_none_has_grown) {
    const Quiet quiet;
    const auto made = buffers(3);
    sim.fail(Verb::fill, 1, cuda_error::unknown);
    const auto grow = [&] {
        Shortage shortage;
        GrowthSet growths(resources, StreamOrder::after_all(), made.size(), shortage);
        for (const auto& buffer : made) buffer.reserve(5000, growths);
        growths.finish();
        growths.commit();
    };
    BOOST_CHECK_THROW(grow(), device_error);
    for (const auto& buffer : made) BOOST_TEST(!buffer.is_allocated());
    grow();
    for (const auto& buffer : made) BOOST_TEST(zero(contents(buffer)));
}

BOOST_AUTO_TEST_SUITE_END()
