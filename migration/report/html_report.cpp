// SPDX-License-Identifier: Apache-2.0
#include "report/html_report.hpp"

#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>

#include <algorithm>
#include <map>

#include "report/burn_down.hpp"
#include "report/holding.hpp"
#include "report/html_page.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

constexpr std::size_t most_open_files = 3;
constexpr std::size_t longest_line = 400;  // of a source line; generated files have longer ones

std::string escaped(std::string_view text) {
    std::string result;
    for (const char each : llvm::json::fixUTF8(llvm::StringRef(text))) {
        switch (each) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += each;
        }
    }
    return result;
}

std::string folder_of(const std::string& file) {
    const auto slash = file.rfind('/');
    return slash == std::string::npos ? "." : file.substr(0, slash);
}

void add(SiteTotals& totals, SiteState state) {
    ++totals.sites;
    ++(state == SiteState::migrated ? totals.migrated : state == SiteState::blocked ? totals.blocked : totals.unseen);
}

std::string bar(const char* kind, const SiteTotals& totals, unsigned of) {
    std::string text = llvm::formatv("<div class={0}>", kind);
    const auto part = [&](const char* name, unsigned number) {
        if (number > 0)
            text += llvm::formatv("<i class={0} style='width:{1:f2}%'></i>", name, 100.0 * number / std::max(1U, of));
    };
    part("migrated", totals.migrated);
    part("blocked", totals.blocked);
    part("unseen", totals.unseen);
    return text + "</div>";
}

std::string table(const char* title, const std::map<std::string, SiteTotals>& groups) {
    std::vector<std::pair<std::string, SiteTotals>> sorted(groups.begin(), groups.end());
    std::ranges::stable_sort(sorted, std::greater(), [](const auto& each) { return each.second.sites; });
    unsigned most = 0;
    for (const auto& [name, totals] : sorted) most = std::max(most, totals.sites);
    std::string text = llvm::formatv("<section><h2>{0}</h2><table>", title);
    for (const auto& [name, totals] : sorted) {
        text += llvm::formatv("<tr><td>{0}<td class=n>{1}<td style='width:34%'>{2}", escaped(name), totals.sites,
                              bar("bar", totals, most));
    }
    if (sorted.empty()) text += "<tr><td class=quiet>none";
    return text + "</table></section>";
}

std::string source_line(const SiteRow& row) {
    const std::size_t begin = std::min<std::size_t>(row.column - 1, row.source_line.size());
    const std::size_t end = std::min<std::size_t>(begin + row.about->length, row.source_line.size());
    if (row.source_line.size() > longest_line) {
        return "... <mark>" + escaped(row.source_line.substr(begin, end - begin)) + "</mark> ...";
    }
    return escaped(row.source_line.substr(0, begin)) + "<mark>" + escaped(row.source_line.substr(begin, end - begin)) +
           "</mark>" + escaped(row.source_line.substr(end));
}

// A reason or a note, which explains itself under the pointer.
std::string explained(std::string_view code) {
    if (code.empty()) return {};
    const Reason* known = find_reason(code);
    const std::string_view words = known == nullptr ? std::string_view() : known->explanation;
    return llvm::formatv(" &middot; <span title=\"{0}\">{1}</span>", escaped(words), code);
}

// What to mend first.
std::string holding(const Account& told) {
    std::string text;
    for (const HeldPlace& each : rank_holding(told.found)) {
        text += llvm::formatv("<tr><td class=n>{0}<td>{1}:{2}{3}<td><code>{4}</code><td>{5}", each.followers,
                              escaped(each.file), each.line, explained(each.about->reason), escaped(each.text),
                              escaped(each.message.empty() ? each.what_to_do : std::string_view(each.message)));
    }
    if (text.empty()) return text;
    return "<section><h2>What holds most back</h2><table><tr><th>follow<th>place<th>text<th>what to do" + text +
           "</table></section>";
}

std::string listing(const Account& told) {
    std::string text;
    std::size_t files = 0;
    for (std::size_t first = 0; first < told.sites.size(); ++files) {
        std::size_t last = first;
        while (last < told.sites.size() && told.sites[last].file == told.sites[first].file) ++last;
        const std::string name = escaped(told.sites[first].file);
        text += llvm::formatv("<details data-name=\"{0}\"{1}><summary>{0} <span>{2}</span></summary>", name,
                              files < most_open_files ? " open" : "", last - first);
        for (; first < last; ++first) {
            const SiteRow& row = told.sites[first];
            const std::string state(name_of(row.about->state));
            const std::string shown = row.about->state != SiteState::migrated ? state
                                      : told.fixed                            ? "migrated"
                                                                              : "can be migrated";
            text += llvm::formatv(
                "<div class='site {0}'><span class=at>{1}:{2}</span><code>{3}</code><span class=why><b>{4}</b> {5} "
                "{6}{7}</span></div>",
                state, row.line, row.column, source_line(row), shown, escaped(row.about->symbol), row.about->rule_id,
                explained(row.about->reason) + explained(row.about->note));
        }
        text += "</details>";
    }
    return text;
}

}  // namespace

std::string html_report(const Account& told) {
    std::map<std::string, SiteTotals> modules, folders, reasons, notes;
    for (const SiteRow& row : told.sites) {
        add(modules[row.about->module], row.about->state);
        add(folders[folder_of(row.file)], row.about->state);
        if (!row.about->reason.empty()) add(reasons[row.about->reason], row.about->state);
        if (!row.about->note.empty()) add(notes[row.about->note], row.about->state);
    }
    const unsigned left = told.totals.sites - (told.fixed ? told.totals.migrated : 0);
    std::string page =
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>Migration to triune</title><style>";
    page += page_style;
    page += "</style><main><h1>Migration to triune</h1>";
    page += llvm::formatv("<p class=quiet>{0} units read, {1} without a legacy name, {2} failed</p><section>",
                          told.units.parsed, told.units.skipped, told.units.failed);
    page +=
        llvm::formatv("<div class=figures><span><b>{0}</b>legacy sites left</span><span><b>{1}</b>{2}</span></div>",
                      left, told.totals.migrated, told.fixed ? "migrated by this run" : "of them can be migrated now");
    page += bar("stack", told.totals, told.totals.sites);
    page += llvm::formatv(
        "<span class='key migrated'>{0} {1}</span><span class='key blocked'>blocked {2}</span>"
        "<span class='key unseen'>unseen {3}</span></section>",
        told.fixed ? "migrated" : "can be migrated", told.totals.migrated, told.totals.blocked, told.totals.unseen);
    if (!told.history.empty()) {
        page += "<section><h2>Sites left, run by run</h2>" + burn_down(read_history(told.history)) + "</section>";
    }
    page += "<div class=columns>" + table("By module", modules) + table("By folder", folders) +
            table("Why sites are left", reasons) + (notes.empty() ? "" : table("Views and copies", notes)) + "</div>";
    page += holding(told);
    page +=
        "<section><h2>Every site</h2><div class=filters><input id=text type=search placeholder='file, name, rule, "
        "reason or note' "
        "aria-label=Filter><button data-state='' aria-pressed=true>all</button><button data-state=migrated>";
    page += told.fixed ? "migrated" : "can be migrated";
    page += "</button><button data-state=blocked>blocked</button><button data-state=unseen>unseen</button></div>";
    page += listing(told);
    page += "</section></main><script>";
    page += page_script;
    return page + "</script></html>\n";
}

}  // namespace migrate
