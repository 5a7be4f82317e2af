// SPDX-License-Identifier: Apache-2.0
// What a report says of snapshots.
#include <triune/detail/manage/report_text.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <triune/base/units.hpp>
#include <triune/manage/manager.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

namespace {

constexpr ReportParts leaks{.leaks = true};
constexpr ReportParts peak{.peak = true};

// Of one manager alone.
ProcessSnapshot of(const GpuMemoryManager& manager) {
    ProcessSnapshot process;
    process.managers.push_back({manager.snapshot(), false, nullptr});
    return process;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report_text, BalancedSim)

BOOST_AUTO_TEST_CASE(what_holds_nothing_is_no_leak) {
    GpuMemoryManager manager(sim);
    static_cast<void>(manager.allocate<float>("empty", 0));
    const ProcessSnapshot process = of(manager);
    BOOST_TEST(process.managers[0].memory.records.size() == 1U);
    BOOST_TEST(triune::report_text(process, leaks, ReportTime::end) == "leaks: nothing is leaked\n");
    BOOST_TEST(triune::report_text(process, leaks, ReportTime::running) == "allocated: nothing is allocated\n");
}

BOOST_AUTO_TEST_CASE(the_biggest_come_first_and_the_rest_is_added_up) {
    GpuMemoryManager manager(sim);
    std::vector<Buffer<float>> many;
    for (std::size_t i = 0; i < max_reported_records; ++i) many.push_back(manager.make_buffer<float>("many", 2));
    const auto small = manager.make_buffer<float>("small", 1);
    const auto smaller = manager.make_buffer<std::byte>("smaller", 2);
    const std::string text = triune::report_text(of(manager), leaks, ReportTime::end);
    BOOST_TEST(contains(text, "leaks: 1002 allocations, 7.8 KiB (8006 bytes)\n"));
    BOOST_TEST(contains(text, "\n    and 2 smaller ones: 6 bytes\n"));
    BOOST_TEST(!contains(text, "'small"));
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == static_cast<std::ptrdiff_t>(max_reported_records) + 3);
}

BOOST_AUTO_TEST_CASE(all_live_managers_are_in_a_snapshot_of_the_process) {
    const GpuMemoryManager older(sim);
    const auto outlives = [&] {
        GpuMemoryManager brief(sim);
        return brief.make_buffer<float>("outlives", 10);
    }();
    const GpuMemoryManager newer(sim, 5 * MiB);
    const ProcessSnapshot process = ProcessSnapshot::of_now();
    const std::size_t count = process.managers.size();  // there may be a default manager too
    BOOST_REQUIRE(count >= 3);
    const auto& last = process.managers[count - 1];
    const auto& ended = process.managers[count - 2];
    BOOST_TEST(last.memory.limit_bytes == 5 * MiB);
    BOOST_TEST(last.memory.manager == newer.snapshot().manager);
    BOOST_TEST(!last.ended);
    BOOST_TEST(ended.ended);
    BOOST_TEST(ended.memory.figures.total_allocated_bytes == 40U);
    BOOST_TEST(ended.pool == last.pool);
    BOOST_TEST(process.managers[count - 3].memory.manager == older.snapshot().manager);
    BOOST_TEST(process.ended.kept.empty());  // nobody asked for it
}

BOOST_AUTO_TEST_CASE(what_has_gone_is_in_none) {
    const std::size_t before = ProcessSnapshot::of_now().managers.size();
    {
        const GpuMemoryManager first(sim);
        auto second = std::make_unique<GpuMemoryManager>(sim);
        const GpuMemoryManager third(sim);
        second.reset();  // from between two
        BOOST_TEST(ProcessSnapshot::of_now().managers.size() == before + 2);
    }
    BOOST_TEST(ProcessSnapshot::of_now().managers.size() == before);
}

BOOST_AUTO_TEST_CASE(the_highest_peaks_of_ended_managers_are_kept) {
    EndedManagers ended;
    for (std::uint32_t i = 0; i < 2 * EndedManagers::max_kept; ++i) {
        EndedManager one;
        one.number = i + 1;
        one.device = "d";
        one.figures.peak_allocated_bytes = i % 2 == 0 ? 1000 + i : i;
        ended.add(one);
    }
    BOOST_TEST(ended.kept.size() == EndedManagers::max_kept);
    BOOST_TEST(ended.others == EndedManagers::max_kept);
    for (std::size_t i = 0; i < ended.kept.size(); ++i) BOOST_TEST(ended.kept[i].number == 2 * i + 1);
    ProcessSnapshot process;
    process.ended = ended;
    const std::string text = triune::report_text(process, peak, ReportTime::end);
    BOOST_TEST(contains(text, "  manager 1 of d, which has ended: at most 1000 bytes, now 0 bytes, limit 0 bytes\n"));
    BOOST_TEST(contains(text, "  and 32 ended managers with lower peaks\n"));
}

BOOST_AUTO_TEST_SUITE_END()
