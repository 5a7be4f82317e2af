#include "report.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "source_text.hpp"

namespace migrate {
namespace {

const char* name_of(site_state state) {
    switch (state) {
        case site_state::migrated:
            return "migrated";
        case site_state::blocked:
            return "blocked";
        case site_state::unseen:
            return "unseen";
    }
    return "unseen";
}

}  // namespace

std::string shown_path(const std::string& real) {
    llvm::SmallString<256> here, resolved;
    if (llvm::sys::fs::current_path(here) || llvm::sys::fs::real_path(here, resolved)) return real;
    const std::string folder = resolved.str().str() + "/";
    return real.starts_with(folder) ? real.substr(folder.size()) : real;
}

site_totals count(const facts& found) {
    site_totals totals;
    for (const auto& [at, each] : found.sites) {
        ++totals.sites;
        ++(each.state == site_state::migrated  ? totals.migrated
           : each.state == site_state::blocked ? totals.blocked
                                               : totals.unseen);
    }
    return totals;
}

std::string report_json(const facts& found, const unit_counts& units) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::json::OStream json(stream, 1);
    json.object([&] {
        json.attribute("version", 1);
        json.attributeArray("sites", [&] {
            for (const auto& [at, each] : found.sites) {
                const auto [line, column] = line_of(found.files.at(at.file).content, at.offset);
                json.object([&, line = line, column = column] {
                    json.attribute("file", shown_path(at.file));
                    json.attribute("line", line);
                    json.attribute("column", column);
                    json.attribute("module", each.module);
                    json.attribute("symbol", each.symbol);
                    json.attribute("state", name_of(each.state));
                    json.attribute("rule", each.rule_id);
                    json.attribute("reason", each.reason);
                });
            }
        });
        const site_totals totals = count(found);
        json.attributeObject("totals", [&] {
            json.attribute("sites", totals.sites);
            json.attribute("migrated", totals.migrated);
            json.attribute("blocked", totals.blocked);
            json.attribute("unseen", totals.unseen);
        });
        json.attributeObject("units", [&] {
            json.attribute("parsed", units.parsed);
            json.attribute("skipped", units.skipped);
            json.attribute("failed", units.failed);
        });
    });
    text += "\n";
    return text;
}

}  // namespace migrate
