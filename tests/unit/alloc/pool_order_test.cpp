// SPDX-License-Identifier: Apache-2.0
// When memory that was freed may be used again.
#include <boost/test/unit_test.hpp>

#include <optional>

#include <triune/alloc/pool.hpp>

#include "../../contract/gate.hpp"
#include "on_chunks.hpp"

using namespace triune;

namespace {

// Blocks of a whole commit step: whether one is used again shows in the pool's size.
struct OnOrderedPool : OnChunks {
    static constexpr std::size_t step = Pool::commit_step;

    explicit OnOrderedPool(sim::SimOptions options = small()) : OnChunks(options) {}

    Pool pool{chunks};
    Stream stream{sim};
    Stream other{sim};

    Block on_stream() { return pool.allocate(step, stream.handle()); }
    Block on_other() { return pool.allocate(step, other.handle()); }
    void free_on_stream(Block block) { pool.deallocate(block, StreamOrder::on(stream.handle())); }
    void free_on_other(Block block) { pool.deallocate(block, StreamOrder::on(other.handle())); }
    void use(Block block, StreamHandle on) { BOOST_TEST(sim.fill(block.data, 1, 1, block.bytes, on).ok()); }
};

struct OnPoolWithReusedHandles : OnOrderedPool {
    static sim::SimOptions options() {
        auto reusing = small();
        reusing.reuse_handles = true;
        return reusing;
    }
    OnPoolWithReusedHandles() : OnOrderedPool(options()) {}
};

struct OnPoolWithoutDeviceEvents : OnOrderedPool {
    static sim::SimOptions options() {
        auto plain = small();
        plain.device_events = false;
        return plain;
    }
    OnPoolWithoutDeviceEvents() : OnOrderedPool(options()) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_order)

BOOST_FIXTURE_TEST_CASE(the_stream_that_freed_uses_the_memory_again_at_once, OnOrderedPool) {
    const Block first = on_stream();
    const Held held(sim);
    use(first, stream.handle());
    free_on_stream(first);
    const Block second = on_stream();
    BOOST_TEST(second.data == first.data);
    free_on_stream(second);
}

BOOST_FIXTURE_TEST_CASE(another_stream_gets_the_memory_only_once_the_freeing_streams_work_is_done, OnOrderedPool) {
    const Block first = on_stream();
    Block meanwhile;
    {
        const Held held(sim);
        use(first, stream.handle());
        free_on_stream(first);
        meanwhile = on_other();
        BOOST_TEST(meanwhile.data != first.data);
    }
    stream.synchronize();
    const Block later = on_other();
    BOOST_TEST(later.data == first.data);
    free_on_other(meanwhile);
    free_on_other(later);
}

BOOST_FIXTURE_TEST_CASE(a_part_left_over_of_waiting_memory_still_waits_on_its_stream, OnOrderedPool) {
    const Block first = on_stream();
    const Held held(sim);
    free_on_stream(first);
    const Block part = pool.allocate(step / 2, stream.handle());
    BOOST_TEST(part.data == first.data);
    pool.check_invariants();
    const Block elsewhere = pool.allocate(step / 2, other.handle());
    BOOST_TEST(elsewhere.data != static_cast<std::byte*>(first.data) + step / 2);
    const Block rest = pool.allocate(step / 2, stream.handle());
    BOOST_TEST(rest.data == static_cast<std::byte*>(first.data) + step / 2);
    free_on_stream(part);
    free_on_stream(rest);
    free_on_other(elsewhere);
    pool.check_invariants();
}

BOOST_FIXTURE_TEST_CASE(memory_freed_without_a_stream_waits_for_the_work_of_all, OnOrderedPool) {
    const Block first = on_stream();
    Block meanwhile;
    {
        contract::Gate gate(sim, other.handle());
        pool.deallocate(first, StreamOrder::after_all());
        stream.synchronize();  // free, and still not allowed: `other` is not
        meanwhile = on_stream();
        BOOST_TEST(meanwhile.data != first.data);
    }
    other.synchronize();
    const Block later = on_stream();
    BOOST_TEST(later.data == first.data);
    free_on_stream(meanwhile);
    free_on_stream(later);
}

BOOST_FIXTURE_TEST_CASE(memory_of_one_stream_may_be_freed_on_another, OnOrderedPool) {
    const Block first = on_stream();
    stream.synchronize();
    const Held held(sim);
    use(first, other.handle());
    free_on_other(first);
    const Block elsewhere = on_stream();
    BOOST_TEST(elsewhere.data != first.data);
    const Block second = on_other();
    BOOST_TEST(second.data == first.data);
    free_on_other(second);
    free_on_stream(elsewhere);
}

BOOST_FIXTURE_TEST_CASE(memory_pending_on_a_destroyed_stream_waits_for_its_work, OnOrderedPool) {
    std::optional<Stream> brief{std::in_place, sim};
    const Block first = pool.allocate(step, brief->handle());
    Block meanwhile;
    {
        const Held held(sim);
        use(first, brief->handle());
        pool.deallocate(first, StreamOrder::on(brief->handle()));
        brief.reset();
        meanwhile = on_stream();
        BOOST_TEST(meanwhile.data != first.data);
    }
    BOOST_TEST(sim.synchronize().ok());
    const Block later = on_stream();
    BOOST_TEST(later.data == first.data);
    free_on_stream(meanwhile);
    free_on_stream(later);
}

BOOST_FIXTURE_TEST_CASE(memory_freed_on_a_stream_that_is_gone_waits_for_the_work_of_all, OnOrderedPool) {
    const Block first = on_stream();
    StreamHandle gone = nullptr;
    BOOST_TEST(sim.stream_create(gone).ok());
    BOOST_TEST(sim.stream_destroy(gone).ok());
    Block meanwhile;
    {
        const Held held(sim);
        use(first, stream.handle());
        pool.deallocate(first, StreamOrder::on(gone));
        meanwhile = on_stream();
        BOOST_TEST(meanwhile.data != first.data);
    }
    BOOST_TEST(sim.synchronize().ok());
    const Block later = on_stream();
    BOOST_TEST(later.data == first.data);
    free_on_stream(meanwhile);
    free_on_stream(later);
    expected_misuse = 2;  // filling and asking: the handle is dead
}

BOOST_FIXTURE_TEST_CASE(a_new_stream_with_an_old_streams_handle_inherits_none_of_its_memory, OnPoolWithReusedHandles) {
    StreamHandle handle = nullptr;
    BOOST_TEST(sim.stream_create(handle).ok());
    const Block first = pool.allocate(step, handle);
    const Held held(sim);
    use(first, handle);
    pool.deallocate(first, StreamOrder::on(handle));
    BOOST_TEST(sim.stream_destroy(handle).ok());
    StreamHandle again = nullptr;
    BOOST_TEST(sim.stream_create(again).ok());
    BOOST_REQUIRE(again == handle);
    const Block second = pool.allocate(step, again);
    BOOST_TEST(second.data != first.data);
    pool.deallocate(second, StreamOrder::on(again));
    BOOST_TEST(sim.stream_destroy(again).ok());
}

BOOST_FIXTURE_TEST_CASE(on_a_device_that_cannot_mark_all_its_work_a_wait_brings_back_what_no_stream_freed,
                        OnPoolWithoutDeviceEvents) {
    const Block first = on_stream();
    {
        const Held held(sim);
        use(first, stream.handle());
        pool.deallocate(first, StreamOrder::after_all());  // waits for nothing
        const Block second = on_other();
        BOOST_TEST(second.data != first.data);
        free_on_other(second);
    }
    pool.trim_all();
    BOOST_TEST(stream.query());
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_FIXTURE_TEST_CASE(many_streams_that_came_and_went_leave_nothing_behind, OnOrderedPool) {
    for (int i = 0; i < 200; ++i) {
        const Stream brief(sim);
        pool.deallocate(pool.allocate(step, brief.handle()), StreamOrder::on(brief.handle()));
        brief.synchronize();
        pool.check_invariants();
    }
    BOOST_TEST(pool.statistics().reserved_bytes == step);
}

BOOST_AUTO_TEST_SUITE_END()
