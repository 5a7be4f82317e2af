// SPDX-License-Identifier: Apache-2.0
#include "report/html_report.hpp"

#include <llvm/Support/FormatVariadic.h>

#include <algorithm>
#include <map>

#include "report/burn_down.hpp"
#include "report/holding.hpp"
#include "report/html_page.hpp"
#include "report/html_sites.hpp"
#include "report/html_text.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

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

// `words` says more of a row's name; it may say nothing.
std::string table(const char* title, const std::map<std::string, SiteTotals>& groups,
                  std::string_view (*words)(std::string_view)) {
    std::vector<std::pair<std::string, SiteTotals>> sorted(groups.begin(), groups.end());
    std::ranges::stable_sort(sorted, std::greater(), [](const auto& each) { return each.second.sites; });
    unsigned most = 0;
    for (const auto& [name, totals] : sorted) most = std::max(most, totals.sites);
    std::string text = llvm::formatv("<section><h2>{0}</h2><table>", title);
    for (const auto& [name, totals] : sorted) {
        const std::string_view said = words(name);
        text += llvm::formatv("<tr><td>{0}{1}<td class=n>{2}<td style='width:34%'>{3}", escaped(name),
                              said.empty() ? "" : "<br><small class=quiet>" + escaped(said) + "</small>", totals.sites,
                              bar("bar", totals, most));
    }
    if (sorted.empty()) text += "<tr><td class=quiet>none";
    return text + "</table></section>";
}

std::string_view no_words(std::string_view) { return {}; }

std::string_view brief_words(std::string_view code) {
    const Reason* known = find_reason(code);
    return known == nullptr ? std::string_view() : known->brief;
}

// What to mend first.
std::string holding(const Account& told) {
    std::map<const Site*, std::size_t> index;
    for (std::size_t at = 0; at < told.sites.size(); ++at) index[told.sites[at].about] = at;
    std::string text;
    for (const HeldPlace& each : rank_holding(told.found)) {
        text += llvm::formatv(
            "<tr><td class=n>{0}<td><a href='#{1}'>{2}:{3}</a> &middot; {4}<td><code>{5}</code><td>{6}", each.followers,
            anchor_of(index.at(each.about)), escaped(each.file), each.line, escaped(each.about->reason),
            escaped(each.text), escaped(each.message.empty() ? each.what_to_do : std::string_view(each.message)));
    }
    if (text.empty()) return text;
    return "<section><h2>What holds most back</h2><table class=holding><tr><th>follow<th>place<th>text<th>what to do" +
           text + "</table></section>";
}

// Those that the sites name.
std::string rules_in_words(const Account& told) {
    std::map<std::string_view, unsigned> used;
    for (const SiteRow& row : told.sites) ++used[row.about->rule_id];
    std::string text;
    for (const Rule& each : all_rules()) {
        if (!used.contains(each.id)) continue;
        text += llvm::formatv(
            "<details id={0}><summary>{0} <span>{1}, {2} {3}</span></summary><code class=old>{4}</code>"
            "<code class=new>{5}</code><p>{6}",
            each.id, each.module, used[each.id], used[each.id] == 1 ? "site" : "sites", escaped(each.before),
            escaped(each.after), escaped(each.explanation));
        if (!each.refusals.empty()) text += "<p>" + escaped(each.refusals);
        text += "</details>";
    }
    return text.empty() ? text : "<section class=rules><h2>The rules</h2>" + text + "</section>";
}

std::string header(const Account& told) {
    const std::string title =
        told.project.empty() ? "Migration to triune" : "Migration of " + escaped(told.project) + " to triune";
    return llvm::formatv(
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'><title>{0}</title><style>{1}</style>"
        "<main><h1>{0}</h1><p class=quiet><time datetime='{2}'>{3} {4} UTC</time> &middot; triune-migrate {5} &middot; "
        "{6} units read, {7} without a legacy name, {8} failed</p>",
        title, page_style, told.time, told.time.substr(0, 10), told.time.substr(11, 5), TRIUNE_MIGRATE_VERSION,
        told.units.parsed, told.units.skipped, told.units.failed);
}

std::string figures(const Account& told) {
    const unsigned left = told.totals.sites - (told.fixed ? told.totals.migrated : 0);
    std::string text = llvm::formatv(
        "<section><div class=figures><span><b>{0}</b>legacy sites left</span><span><b>{1}</b>{2}</span></div>", left,
        told.totals.migrated, told.fixed ? "migrated by this run" : "of them can be migrated now");
    text += bar("stack", told.totals, told.totals.sites);
    return text + llvm::formatv(
                      "<span class='key migrated'>{0} {1}</span><span class='key blocked'>blocked {2}</span>"
                      "<span class='key unseen'>unseen {3}</span></section>",
                      state_in_words(SiteState::migrated, told.fixed), told.totals.migrated, told.totals.blocked,
                      told.totals.unseen)
                      .str();
}

std::string every_site(const Account& told) {
    return "<section><h2>Every site</h2><div class=filters><input id=text type=search "
           "placeholder='file, name, rule, reason or note' aria-label='Filter the sites'>"
           "<button data-state='' aria-pressed=true>all</button>"
           "<button data-state=migrated aria-pressed=false>" +
           state_in_words(SiteState::migrated, told.fixed) +
           "</button><button data-state=blocked aria-pressed=false>blocked</button>"
           "<button data-state=unseen aria-pressed=false>unseen</button></div><p class=quiet id=shown "
           "role=status></p>" +
           list_sites(told) + "</section>";
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
    std::string page = header(told) + figures(told);
    if (!told.history.empty()) {
        page += "<section><h2>Sites left, run by run</h2>" + burn_down(read_history(told.history)) + "</section>";
    }
    page += "<div class=columns>" + table("By module", modules, no_words) + table("By folder", folders, no_words) +
            table("Why sites are left", reasons, brief_words) +
            (notes.empty() ? "" : table("Views and copies", notes, no_words)) + "</div>";
    page += holding(told) + rules_in_words(told) + every_site(told);
    return page + "</main><script>" + page_script + "</script></html>\n";
}

}  // namespace migrate
