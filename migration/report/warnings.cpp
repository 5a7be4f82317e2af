// SPDX-License-Identifier: Apache-2.0
#include "report/warnings.hpp"

#include <algorithm>

#include "edits/line_change.hpp"
#include "report/holding.hpp"
#include "rules/rule.hpp"
#include "text/line_index.hpp"

namespace migrate {
namespace {

struct Style {
    std::string_view bold, magenta, plain;
};
constexpr Style in_colours{"\033[1m", "\033[0;1;35m", "\033[0m"};  // clang's own
constexpr Style without_colours{};

// A line stays one, and a terminal is told nothing by the name of a file.
std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char each) { return (each >= 0 && each < ' ') || each == 0x7f; }, '?');
    return text;
}

// Places as they stand on the disk.
class PlacesNow {
  public:
    PlacesNow(const Facts& found, const Plan& written) : found_(found), written_(written) {}

    std::string with_column(const Place& at) {
        const LineColumn now = find(at);
        return name(at) + std::to_string(now.line) + ":" + std::to_string(now.column);
    }
    std::string with_line(const Place& at) { return name(at) + std::to_string(find(at).line); }

  private:
    struct File {
        std::vector<AppliedEdit> edits;
        LineIndex lines;
    };

    static std::string name(const Place& at) { return printable(shown_path(at.file)) + ":"; }

    LineColumn find(const Place& at) {
        auto known = files_.find(at.file);
        if (known == files_.end()) {
            const auto changed = written_.find(at.file);
            File read = changed == written_.end()
                            ? File{{}, LineIndex(found_.files.at(at.file).content)}
                            : File{outer_edits(changed->second.result), LineIndex(changed->second.result.text)};
            known = files_.emplace(at.file, std::move(read)).first;
        }
        return known->second.lines.at(new_offset(known->second.edits, at.offset));
    }

    const Facts& found_;
    const Plan& written_;
    std::map<std::string, File> files_;
};

std::string reason_in_words(const Site& stays, const std::map<Place, Place>& awaited, PlacesNow& places) {
    const auto other = awaited.find(stays.at);
    if (other == awaited.end()) {
        const Reason* known = find_reason(stays.reason);
        return known == nullptr ? std::string() : std::string(known->brief);
    }
    const std::string place = places.with_line(other->second);
    return stays.reason == "transition" ? "it keeps its old names for " + place : "it waits for " + place;
}

}  // namespace

std::string warnings(const Facts& found, const Plan& written, const Options& asked, bool coloured) {
    const Style& style = coloured ? in_colours : without_colours;
    const std::map<Place, Place> awaited = waiting(found);
    PlacesNow places(found, written);
    std::string text;
    unsigned told = 0, more = 0;
    for (const auto& [at, about] : found.sites) {
        if (about.state == SiteState::migrated) continue;
        if (asked.max_warnings != 0 && told == asked.max_warnings) {
            ++more;
            continue;
        }
        ++told;
        text.append(style.bold).append(places.with_column(at)).append(": ");
        text.append(style.magenta).append("warning: ").append(style.plain);
        text.append("'").append(printable(about.symbol)).append("' stays: ");
        text.append(reason_in_words(about, awaited, places)).append(" [").append(about.reason).append("]\n");
    }
    if (more > 0) {
        const std::string report = asked.reports.empty() ? "--report=F.html" : printable(asked.reports.front());
        text += "triune-migrate: " + std::to_string(more) + " more places stay; " + report +
                " lists every one, --max-warnings=0 prints them all\n";
    }
    return text;
}

}  // namespace migrate
