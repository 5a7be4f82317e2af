// SPDX-License-Identifier: Apache-2.0
// Injected failures: every verb can be made to fail at its Nth call, and then changes nothing.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include <triune/base/units.hpp>

#include "on_sim.hpp"

using triune::Status;
using triune::Verb;
using triune::sim::OnSim;
using triune::sim::SimDevice;
namespace cuda_error = triune::cuda_error;

namespace {

// One valid call of each verb, on objects of its own that the caller has made.
struct EveryVerb : OnSim {
    static constexpr std::size_t granule = 2 * triune::MiB;
    char* base = static_cast<char*>(reserve(8 * granule));
    triune::ChunkHandle mapped = map_fresh(base, granule);
    triune::ChunkHandle unmapped = chunk(granule);
    void* memory = allocate(64);
    void* pinned = nullptr;
    triune::StreamHandle on = stream();
    triune::EventHandle event = nullptr;

    // Outputs, all untouched by a call that fails.
    triune::DeviceMemoryInfo info{1, 2};
    void* address = this;
    triune::ChunkHandle chunk_out = 3;
    triune::StreamHandle stream_out = this;
    std::uint64_t id = 4;
    bool answer = true;
    bool other_answer = false;
    triune::StreamState state{true, false};

    EveryVerb() {
        BOOST_TEST_REQUIRE(device.event_create(event).ok());
        BOOST_TEST_REQUIRE(device.pinned_allocate(pinned, 64).ok());
    }

    bool outputs_untouched() const {
        return info.free_bytes == 1 && info.total_bytes == 2 && address == this && chunk_out == 3 &&
               stream_out == this && id == 4 && answer && !other_answer && state.capturing && !state.of_this_device;
    }

    std::map<Verb, std::function<Status()>> calls() {
        return {
            {Verb::memory_info, [this] { return device.memory_info(info); }},
            {Verb::synchronize, [this] { return device.synchronize(); }},
            {Verb::synchronize_within,
             [this] { return device.synchronize_within(std::chrono::hours(1), other_answer); }},
            {Verb::last_error, [this] { return device.last_error(); }},
            {Verb::stream_create, [this] { return device.stream_create(stream_out); }},
            {Verb::stream_destroy, [this] { return device.stream_destroy(on); }},
            {Verb::stream_synchronize, [this] { return device.stream_synchronize(on); }},
            {Verb::stream_query, [this] { return device.stream_query(on, other_answer); }},
            {Verb::stream_wait, [this] { return device.stream_wait(on, event); }},
            {Verb::stream_id, [this] { return device.stream_id(on, id); }},
            {Verb::stream_state, [this] { return device.stream_state(on, state); }},
            {Verb::stream_call, [this] { return device.stream_call(on, [](void*) {}, nullptr); }},
            {Verb::event_create, [this] { return device.event_create(stream_out); }},
            {Verb::event_destroy, [this] { return device.event_destroy(event); }},
            {Verb::event_record, [this] { return device.event_record(event, on); }},
            {Verb::event_record_device, [this] { return device.event_record_device(event); }},
            {Verb::event_query, [this] { return device.event_query(event, other_answer); }},
            {Verb::event_synchronize, [this] { return device.event_synchronize(event); }},
            {Verb::event_wait, [this] { return device.event_wait(event, std::chrono::hours(1), other_answer); }},
            {Verb::copy, [this] { return device.copy(memory, pinned, 64, on); }},
            {Verb::copy_on_device,
             [this] {
                 const triune::CopyPiece piece{memory, pinned, 64};
                 return device.copy_on_device({&piece, 1}, on);
             }},
            {Verb::fill, [this] { return device.fill(memory, 0, 1, 64, on); }},
            {Verb::pinned_allocate, [this] { return device.pinned_allocate(address, 64); }},
            {Verb::pinned_release, [this] { return device.pinned_release(pinned); }},
            {Verb::memory_allocate, [this] { return device.memory_allocate(address, 64); }},
            {Verb::memory_release, [this] { return device.memory_release(memory); }},
            {Verb::address_reserve, [this] { return device.address_reserve(address, granule); }},
            {Verb::address_release, [this] { return device.address_release(base, 8 * granule); }},
            {Verb::chunk_create, [this] { return device.chunk_create(chunk_out, granule); }},
            {Verb::chunk_release, [this] { return device.chunk_release(mapped); }},
            {Verb::map, [this] { return device.map(base + granule, unmapped, granule); }},
            {Verb::set_access, [this] { return device.set_access(base, granule); }},
            {Verb::unmap, [this] { return device.unmap(base, granule); }},
            {Verb::peer_access, [this] { return device.peer_access(0, answer); }},
        };
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sim_failures)

BOOST_FIXTURE_TEST_CASE(every_verb_can_fail_and_then_changes_nothing, EveryVerb) {
    const auto verbs = calls();
    BOOST_TEST(verbs.size() == triune::verb_count);
    const std::string alive = device.ledger().describe();
    for (const auto& [verb, call] : verbs) {
        BOOST_TEST_CONTEXT(to_string(verb)) {
            const auto before = device.calls(verb);
            device.fail(verb, 1, 555);
            const Status status = call();
            BOOST_TEST(status.cuda_error == 555);
            BOOST_TEST(std::string(status.verb) == to_string(verb));
            BOOST_TEST(device.calls(verb) == before + 1);
            BOOST_TEST(outputs_untouched());
            BOOST_TEST(device.ledger().describe() == alive);
        }
    }
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(device.misuse().empty());
    // Nothing was changed: each of them still works. Taken in the seam's order releases come behind uses.
    BOOST_TEST(verbs.at(Verb::copy)().ok());
    BOOST_TEST(verbs.at(Verb::map)().ok());
    BOOST_TEST(verbs.at(Verb::unmap)().ok());
    BOOST_TEST(verbs.at(Verb::memory_release)().ok());
    BOOST_TEST(verbs.at(Verb::stream_destroy)().ok());
}

BOOST_FIXTURE_TEST_CASE(only_the_nth_call_fails, OnSim) {
    device.fail(Verb::synchronize, 3, cuda_error::unknown);
    device.fail(Verb::synchronize, 4, cuda_error::out_of_memory);
    const int expected[] = {0, 0, cuda_error::unknown, cuda_error::out_of_memory, 0};
    for (const int error : expected) BOOST_TEST(device.synchronize().cuda_error == error);
}

BOOST_FIXTURE_TEST_CASE(cleared_failures_do_not_happen, OnSim) {
    device.fail(Verb::synchronize, 1, cuda_error::unknown);
    device.clear_failures();
    BOOST_TEST(device.synchronize().ok());
}

BOOST_FIXTURE_TEST_CASE(a_failed_copy_is_not_queued, OnSim) {
    auto* const memory = static_cast<unsigned char*>(allocate(1));
    *memory = 1;
    device.fail(Verb::fill, 1, cuda_error::unknown);
    BOOST_TEST(!device.fill(memory, 9, 1, 1, nullptr).ok());
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(*memory == 1);
}

BOOST_FIXTURE_TEST_CASE(calls_fail_for_a_while_and_then_work_again, OnSim) {
    device.fail(Verb::memory_info, 2, cuda_error::unknown, 3);
    std::string heard;
    triune::DeviceMemoryInfo info;
    for (int i = 0; i < 6; ++i) heard += device.memory_info(info).ok() ? "y" : "n";
    BOOST_TEST(heard == "ynnnyy");
}

BOOST_FIXTURE_TEST_CASE(every_verb_can_fail_for_a_while, OnSim) {
    device.fail(Verb::count, 2, cuda_error::unknown, 2);
    triune::DeviceMemoryInfo info;
    BOOST_TEST(device.memory_info(info).ok());
    BOOST_TEST(!device.synchronize().ok());
    BOOST_TEST(!device.memory_info(info).ok());
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_SUITE_END()
