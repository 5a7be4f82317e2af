// SPDX-License-Identifier: Apache-2.0
#include "report/burn_down.hpp"

#include <llvm/Support/FormatVariadic.h>

#include <algorithm>

#include "report/html_text.hpp"

namespace migrate {
namespace {

constexpr double width = 720, height = 220;                     // of the drawing, in its own units
constexpr double left = 56, right = 16, top = 16, bottom = 36;  // margins
constexpr unsigned max_labels = 6;                              // along the lower edge

// The next round number from `value` on: 1, 2 or 5 times a power of ten.
unsigned round_up(unsigned value) {
    for (unsigned power = 1;; power *= 10) {
        for (const unsigned times : {1U, 2U, 5U}) {
            if (times * power >= value) return times * power;
        }
    }
}

std::string day(const PastRun& run) { return run.time.substr(0, run.time.find('T')); }

}  // namespace

std::string burn_down(const std::vector<PastRun>& runs) {
    if (runs.size() < 2) return "<p class=quiet>The burn-down is drawn from the second run with --history on.</p>";
    unsigned most = 1;
    for (const PastRun& each : runs) most = std::max(most, each.left);
    const unsigned ceiling = round_up(most);
    const auto across = [&](std::size_t at) {
        return left + (width - left - right) * static_cast<double>(at) / static_cast<double>(runs.size() - 1);
    };
    const auto down = [&](double value) { return height - bottom - (height - top - bottom) * value / ceiling; };
    std::string svg = llvm::formatv(
        "<div class=wide><svg class=burn viewBox='0 0 {0} {1}' role=img aria-label='Legacy sites left after each "
        "run: from {2} to {3}'>",
        width, height, runs.front().left, runs.back().left);
    for (unsigned step = 0; step <= 2; ++step) {
        const double value = ceiling * step / 2.0;
        svg += llvm::formatv(
            "<line class=grid x1='{0}' x2='{1}' y1='{2:f1}' y2='{2:f1}'/><text class=axis x='{3}' "
            "y='{4:f1}' text-anchor=end>{5}</text>",
            left, width - right, down(value), left - 8, down(value) + 4, static_cast<unsigned>(value));
    }
    const std::size_t stride = (runs.size() + max_labels - 1) / max_labels;
    for (std::size_t at = 0; at < runs.size(); at += stride) {
        const char* anchor = at == 0 ? "start" : at + 1 == runs.size() ? "end" : "middle";
        svg += llvm::formatv("<text class=axis x='{0:f1}' y='{1}' text-anchor={2}>{3}</text>", across(at), height - 12,
                             anchor, escaped(day(runs[at])));
    }
    // What is left holds until the next run, so the line has steps.
    std::string line = llvm::formatv("M{0:f1} {1:f1}", across(0), down(runs[0].left));
    for (std::size_t at = 1; at < runs.size(); ++at) {
        line += llvm::formatv("H{0:f1}V{1:f1}", across(at), down(runs[at].left)).str();
    }
    svg +=
        llvm::formatv("<path class=area d='{0}V{1:f1}H{2:f1}Z'/><path class=line d='{0}'/>", line, down(0), across(0));
    for (std::size_t at = 0; at < runs.size(); ++at) {
        svg += llvm::formatv(
            "<circle class=dot cx='{0:f1}' cy='{1:f1}' r=3.5><title>{2}: {3} left, {4} blocked, {5} "
            "unseen</title></circle>",
            across(at), down(runs[at].left), escaped(runs[at].time), runs[at].left, runs[at].blocked, runs[at].unseen);
    }
    return svg + "</svg></div>";
}

}  // namespace migrate
