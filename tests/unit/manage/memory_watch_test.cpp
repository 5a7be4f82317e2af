// SPDX-License-Identifier: Apache-2.0
// What a tool for accesses out of bounds is told of the pool's memory.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

#include <triune/detail/base/memory_watch.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

using Spans = std::map<std::uintptr_t, std::size_t>;

// What has been told by now. The calls are plain functions, so there is one.
struct Told {
    Spans memory;
    Spans used;
    bool stray = false;  // told of what was not there
};
Told told;

std::uintptr_t number(const void* data) { return reinterpret_cast<std::uintptr_t>(data); }

bool holds(const Spans& spans, std::uintptr_t begin, std::size_t bytes) {
    const auto behind = spans.upper_bound(begin);
    if (behind == spans.begin()) return false;
    const auto& [first, length] = *std::prev(behind);
    return begin + bytes <= first + length;
}

constexpr MemoryWatch watch{
    [](const void* data, std::size_t bytes) noexcept { told.memory[number(data)] = bytes; },
    [](const void* data) noexcept { told.stray = told.memory.erase(number(data)) == 0 || told.stray; },
    [](const void* data, std::size_t bytes) noexcept {
        told.stray = !holds(told.memory, number(data), bytes) || told.stray;
        told.used[number(data)] = bytes;
    },
    [](const void* data) noexcept { told.stray = told.used.erase(number(data)) == 0 || told.stray; }};

// As where TRIUNE_NVTX_MEMORY is set: the tools take no mapped memory.
struct OnWatchedMemory : BalancedSim {
    static sim::SimOptions plain() {
        auto options = small();
        options.virtual_memory = false;
        return options;
    }
    OnWatchedMemory() : BalancedSim(plain()) {
        told = {};
        set_memory_watch(&watch);
    }
    ~OnWatchedMemory() {
        set_memory_watch(nullptr);
        BOOST_TEST(!told.stray);
    }

    static std::size_t bytes_of(const void* data) { return told.used.at(number(data)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(memory_watch, OnWatchedMemory)

BOOST_AUTO_TEST_CASE(buffers_are_told_to_the_byte_and_go_again) {
    {
        GpuMemoryManager manager(sim);
        const Stream stream(sim);
        std::vector<Buffer<char>> buffers;
        for (std::size_t count = 1; count < 300; count += 37) {
            buffers.push_back(manager.make_buffer<char>("x", count));
            buffers.push_back(manager.make_buffer<char>("y", count, GpuMemoryManager::unbounded(), stream.handle()));
        }
        for (const auto& buffer : buffers) BOOST_TEST(bytes_of(buffer.data()) == buffer.capacity());
        BOOST_TEST(told.used.size() == buffers.size());
        for (auto& buffer : buffers) buffer.reset();
        BOOST_TEST(told.used.empty());
        manager.trim();
    }
    BOOST_TEST(told.memory.empty());
}

BOOST_AUTO_TEST_CASE(a_buffer_that_grows_or_shrinks_where_it_is_has_its_new_length) {
    GpuMemoryManager manager(sim);
    const auto buffer = manager.make_buffer<char>("x", 10, GpuMemoryManager::unbounded());
    for (const std::size_t count : {20U, 200U, 2'000U, 70'000U}) {
        buffer.ensure_capacity(count);
        BOOST_TEST(bytes_of(buffer.data()) == buffer.capacity());
        BOOST_TEST(told.used.size() == 1U);
    }
    buffer.set_size(30'001);
    buffer.shrink_to_fit();
    BOOST_TEST(buffer.capacity() == 30'001U);
    BOOST_TEST(bytes_of(buffer.data()) == buffer.capacity());
}

// Nobody's accesses reach what is nobody's, the library's own among them.
BOOST_AUTO_TEST_CASE(nothing_is_zeroed_outside_of_what_is_used) {
    GpuMemoryManager manager(sim);
    const Stream stream(sim);
    BufferGroup<char> group(manager, "g", {"x", "y", "z"}, 100);
    group.ensure_capacity(3'000);
    std::vector<Buffer<char>> buffers;
    for (int i = 0; i < 40; ++i)
        buffers.push_back(manager.make_buffer<char>("b", 250, GpuMemoryManager::unbounded(), stream.handle()));
    stream.synchronize();
    for (const auto& buffer : buffers) {
        for (std::size_t i = buffer.capacity(); i < 256; ++i) BOOST_TEST(buffer.data()[i] == '\xDB');
    }
}

BOOST_AUTO_TEST_SUITE_END()
