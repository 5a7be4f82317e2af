// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/process_report.hpp>

#include <unistd.h>

#include <atomic>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/detail/base/environment.hpp>
#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/base/standard_error.hpp>
#include <triune/detail/manage/ended_managers.hpp>
#include <triune/detail/manage/process_snapshot.hpp>
#include <triune/detail/manage/report_parts.hpp>
#include <triune/detail/manage/report_signal.hpp>
#include <triune/detail/manage/report_text.hpp>

namespace triune::process_report {
namespace {

// What the environment asked for. Never destroyed.
struct Asked {
    ReportParts at_end;
    ReportParts on_signal;
    int signal = 0;
    // Of the process that was asked, not of its children.
    const pid_t process = getpid();
    std::vector<std::string> problems;
};

// A process may begin without standard error. Then what is opened next gets its number, be it a file of the program's
// or the simulated device's memory: so this looks before anything is opened.
constinit bool had_standard_error = false;
[[gnu::constructor(101)]] void look_at_start() { had_standard_error = standard_error::is_open(); }

// Null before the first manager, and where nothing is asked for.
constinit std::atomic<const Asked*> asked{nullptr};

void read_parts(Asked& found, std::string_view text) {
    std::vector<std::string> unknown;
    found.at_end = ReportParts::parse(text, unknown);
    for (const std::string& word : unknown) {
        found.problems.push_back("TRIUNE_REPORT: '" + word + "' is none of leaks, peak, table, all");
    }
}

void read_signal(Asked& found, std::string_view text) {
    if (text.empty()) return;
    found.signal = report_signal::parse(text);
    if (found.signal == 0) {
        found.problems.push_back("TRIUNE_REPORT_SIGNAL is '" + std::string(text) + "'; it may be USR1 or USR2");
    }
    found.on_signal = found.at_end;
    if (!found.on_signal.any()) found.on_signal.peak = found.on_signal.table = true;
}

void report(const Asked& what, ReportTime time) noexcept {
    try {
        const ReportParts parts = time == ReportTime::end ? what.at_end : what.on_signal;
        std::string text = "triune: memory of process " + std::to_string(what.process);
        text += time == ReportTime::end ? " at its end\n" : "\n";
        standard_error::write(text + report_text(ProcessSnapshot::of_now(), parts, time));
    } catch (const std::exception& failure) {
        standard_error::write("triune: no report: ");
        standard_error::write(failure.what());
        standard_error::write("\n");
    }
}

void report_on_signal() noexcept { report(*asked.load(std::memory_order_acquire), ReportTime::running); }

// A thread that ends the process from within a call of the library would wait for its own lock.
void report_at_end() noexcept {
    const Asked* const what = asked.load(std::memory_order_acquire);
    if (what == nullptr || !what->at_end.any()) return;
    if (what->process == getpid() && !HeldLocks::any()) report(*what, ReportTime::end);
}

// The problems that are to be logged: not from within, since a sink may make a manager.
std::vector<std::string> start_as_environment_says() noexcept {
    const std::string_view parts = environment::text("TRIUNE_REPORT");
    const std::string_view signal = environment::text("TRIUNE_REPORT_SIGNAL");
    if (!had_standard_error || (parts.empty() && signal.empty())) return {};
    try {
        auto* const found = new Asked;
        read_parts(*found, parts);
        read_signal(*found, signal);
        asked.store(found, std::memory_order_release);
        if (found->at_end.peak || (found->signal != 0 && found->on_signal.peak)) EndedManagers::keep_from_now_on();
        if (found->signal != 0) {
            const std::string problem = report_signal::listen(found->signal, report_on_signal);
            if (!problem.empty()) found->problems.push_back("TRIUNE_REPORT_SIGNAL: " + problem);
        }
        return found->problems;
    } catch (const std::exception&) {  // no memory, even for the words
        return {};
    }
}

// Behind all that the program left for its end: see Note [Reports at the end].
[[gnu::destructor]] void at_end() { report_at_end(); }

}  // namespace

void start_if_asked() noexcept {
    static const std::vector<std::string>& problems = *new std::vector<std::string>(start_as_environment_says());
    static constinit std::atomic<bool> told{false};
    if (problems.empty() || told.exchange(true, std::memory_order_relaxed)) return;
    for (const std::string& problem : problems) log::warn(problem);
}

}  // namespace triune::process_report
