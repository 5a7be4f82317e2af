// SPDX-License-Identifier: Apache-2.0
// The half that is migrated. Both halves must meet one manager, however the program is linked.
#include <triune/graph/graph_arrays.hpp>
#include <triune/triune.hpp>

#include "legacy_half.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

int mistakes = 0;

template <typename Seen, typename Expected>
void expect(const char* what, const Seen& seen, const Expected& expected) {
    if (seen == expected) return;
    ++mistakes;
    std::cout << what << ": " << seen << ", not " << expected << '\n';
}

std::string sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string all;
    for (const std::string& name : names) all += name + ';';
    return all;
}

constexpr std::size_t legacy_named = 4 * (100 + 10);
constexpr std::size_t legacy_bytes = legacy_named + 4 * (13 * 50 + 51) + 200 + 1000;

void memory_and_totals(triune::GpuMemoryManager& manager, const LegacyHalf& legacy) {
    expect("the total of the legacy half", manager.total_allocated_bytes(), legacy_bytes);
    const auto twin = manager.make_buffer<float>("twin", 20);
    expect("each byte once", manager.total_allocated_bytes(), legacy_bytes + 80);
    expect("bytes by name, asked the old way", legacy.bytes_by_name(), legacy_named + 80);
    expect("bytes by name, asked the new way", manager.usage_by_name().first, legacy_named + 80);
    expect("both twins", legacy.bytes_named("twin"), std::size_t{120});
    expect("leaks", sorted(legacy.leaks()), "array;twin;twin;");
    expect("the same leaks", sorted(manager.report_leaks()), "array;twin;twin;");
    const triune::GraphArrays graph(10, 10);
    const auto untyped = manager.make_untyped("untyped", {});
    expect("leaks without graphs and untyped buffers", sorted(legacy.leaks()), "array;twin;twin;");
}

void names(triune::GpuMemoryManager& manager, const LegacyHalf& legacy) {
    for (const char* name : {"array", "shared name"}) {
        bool found = true;
        try {
            static_cast<void>(manager.get_buffer<float>(name));
        } catch (const triune::buffer_not_found&) {
            found = false;
        }
        expect(name, found, false);
    }
    const auto own = manager.get_or_create("shared name", {1, 1.0F, 1000, 16});
    own.reserve(16);
    expect("two buffers of one name", manager.total_allocated_bytes(), legacy_bytes + 16);
    expect("the legacy manager's", sorted(legacy.buffer_names()), "shared name;");
    manager.free("shared name");
}

void streams_and_pointers(triune::GpuMemoryManager& manager, const LegacyHalf& legacy) {
    const auto copy = manager.make_buffer<float>("copy", legacy.array_length(), triune::BufferConfig::for_positions());
    triune::check(manager.device().copy(copy.data(), legacy.array(), copy.size_bytes(), legacy.stream()), "crossing");
    copy.start_async_download(legacy.stream());
    const auto view = copy.wait_for_download();
    expect("a legacy pointer on a legacy stream", view[99], 100.0F);
    expect("the legacy graph", legacy.graph_position(49), 50.0F);
}

void errors(const LegacyHalf& legacy) {
    expect("a legacy call", legacy.catch_bad_copy(), "CudaException 1");
    const auto migrated = [] { static_cast<void>(triune::default_manager().get_buffer<float>("nowhere")); };
    expect("a migrated call in a legacy handler", legacy.catch_of(migrated), "runtime_error");
}

}  // namespace

int main() {
    triune::GpuMemoryManager& manager = triune::default_manager();
    {
        const LegacyHalf legacy;
        memory_and_totals(manager, legacy);
        names(manager, legacy);
        streams_and_pointers(manager, legacy);
        errors(legacy);
    }
    expect("what is left", manager.total_allocated_bytes(), std::size_t{0});
    std::cout << mistakes << " mistakes\n";
    return mistakes == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
