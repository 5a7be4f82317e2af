// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_report.hpp"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <map>

#include "report/holding.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

// Paths are bytes; a URI holds some characters only.
std::string as_uri(const std::string& path) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    std::string uri = path.starts_with("/") ? "file://" : "";
    for (const char each : path) {
        if (plain.find(each) != std::string_view::npos)
            uri += each;
        else
            uri += "%" + llvm::toHex(llvm::StringRef(&each, 1));
    }
    return uri;
}

// SARIF counts characters where this program counts bytes.
unsigned characters(std::string_view bytes) {
    return static_cast<unsigned>(std::ranges::count_if(bytes, [](char each) { return (each & 0xC0) != 0x80; }));
}

std::string message(const Site& about) {
    if (about.state == SiteState::migrated) {
        const std::string noted = about.note.empty() ? "" : "; " + about.note + " (--explain " + about.note + ")";
        return about.symbol + " can be migrated: run triune-migrate --fix" + noted;
    }
    return about.symbol + " is " + std::string(name_of(about.state)) + ": " + about.reason +
           " (triune-migrate --explain " + about.reason + ")";
}

void put_rule(llvm::json::OStream& json, const Rule& each) {
    const auto text = [&](const char* name, std::string_view value) {
        json.attributeObject(name, [&] { json.attribute("text", llvm::StringRef(value)); });
    };
    json.object([&] {
        json.attribute("id", llvm::StringRef(each.id));
        text("shortDescription", "Legacy module " + std::string(each.module));
        text("fullDescription", each.explanation);
        text("help", "before: " + std::string(each.before) + "\nafter: " + std::string(each.after) +
                         "\nsee docs/migration-guide.md#" + std::string(each.id));
    });
}

void put_result(llvm::json::OStream& json, const SiteRow& row, unsigned followers) {
    const auto& all = all_rules();
    const auto rule_at = std::ranges::find(all, std::string_view(row.about->rule_id), &Rule::id);
    const unsigned column = characters(row.source_line.substr(0, row.column - 1)) + 1;
    json.object([&] {
        json.attribute("ruleId", row.about->rule_id);
        json.attribute("ruleIndex", static_cast<int64_t>(rule_at - all.begin()));
        json.attribute("level", row.about->state == SiteState::unseen ? "note" : "warning");
        if (followers > 0) json.attribute("rank", std::min(100.0, 1.0 * followers));
        const std::string held = followers == 0 ? "" : "; " + std::to_string(followers) + " others wait for it";
        json.attributeObject("message", [&] { json.attribute("text", message(*row.about) + held); });
        json.attributeArray("locations", [&] {
            json.object([&] {
                json.attributeObject("physicalLocation", [&] {
                    json.attributeObject("artifactLocation", [&] { json.attribute("uri", as_uri(row.file)); });
                    json.attributeObject("region", [&] {
                        json.attribute("startLine", row.line);
                        json.attribute("startColumn", column);
                        json.attribute("endColumn", column + row.about->length);
                    });
                });
            });
        });
        json.attributeObject("properties", [&] {
            json.attribute("state", llvm::StringRef(name_of(row.about->state)));
            json.attribute("reason", row.about->reason);
            json.attribute("module", row.about->module);
            if (!row.about->note.empty()) json.attribute("note", row.about->note);
        });
    });
}

}  // namespace

std::string sarif_report(const Account& told) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::json::OStream json(stream, 1);
    json.object([&] {
        json.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.attribute("version", "2.1.0");
        json.attributeArray("runs", [&] {
            json.object([&] {
                json.attributeObject("tool", [&] {
                    json.attributeObject("driver", [&] {
                        json.attribute("name", "triune-migrate");
                        json.attribute("version", TRIUNE_MIGRATE_VERSION);
                        json.attributeArray("rules", [&] {
                            for (const Rule& each : all_rules()) put_rule(json, each);
                        });
                    });
                });
                json.attribute("columnKind", "unicodeCodePoints");
                json.attributeArray("results", [&] {
                    std::map<const Site*, unsigned> followers;
                    for (const HeldPlace& each : rank_holding(told.found)) followers[each.about] = each.followers;
                    for (const SiteRow& row : told.sites) {
                        if (!told.fixed || row.about->state != SiteState::migrated)
                            put_result(json, row, followers[row.about]);
                    }
                });
            });
        });
    });
    text += "\n";
    return text;
}

}  // namespace migrate
