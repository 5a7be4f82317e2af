// SPDX-License-Identifier: Apache-2.0
#include "report/json_report.hpp"

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "report/holding.hpp"

namespace migrate {

std::string json_report(const Account& told) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::json::OStream json(stream, 1);
    json.object([&] {
        json.attribute("version", 1);
        const std::map<Place, Place> waits = waiting(told.found);
        std::map<Place, const SiteRow*> at;
        for (const SiteRow& row : told.sites) at[row.about->at] = &row;
        json.attributeArray("sites", [&] {
            for (const SiteRow& row : told.sites) {
                json.object([&] {
                    json.attribute("file", llvm::json::fixUTF8(row.file));
                    json.attribute("line", row.line);
                    json.attribute("column", row.column);
                    json.attribute("module", row.about->module);
                    json.attribute("symbol", row.about->symbol);
                    json.attribute("state", llvm::StringRef(name_of(row.about->state)));
                    json.attribute("rule", row.about->rule_id);
                    json.attribute("reason", row.about->reason);
                    if (const auto other = waits.find(row.about->at); other != waits.end()) {
                        const SiteRow& awaited = *at.at(other->second);
                        json.attribute("waits_for", llvm::json::fixUTF8(awaited.file) + ":" +
                                                        std::to_string(awaited.line) + ":" +
                                                        std::to_string(awaited.column));
                    }
                    if (!row.about->note.empty()) json.attribute("note", row.about->note);
                    if (const std::string message = message_of(told.found, *row.about); !message.empty())
                        json.attribute("message", llvm::json::fixUTF8(message));
                });
            }
        });
        json.attributeArray("holding", [&] {
            for (const HeldPlace& each : rank_holding(told.found)) {
                json.object([&] {
                    json.attribute("file", llvm::json::fixUTF8(each.file));
                    json.attribute("line", each.line);
                    json.attribute("symbol", each.about->symbol);
                    json.attribute("reason", each.about->reason);
                    json.attribute("text", llvm::json::fixUTF8(each.text));
                    json.attribute("followers", each.followers);
                    json.attribute("what_to_do", llvm::StringRef(each.what_to_do));
                });
            }
        });
        json.attributeObject("totals", [&] {
            json.attribute("sites", told.totals.sites);
            json.attribute("migrated", told.totals.migrated);
            json.attribute("blocked", told.totals.blocked);
            json.attribute("unseen", told.totals.unseen);
        });
        json.attributeObject("units", [&] {
            json.attribute("parsed", told.units.parsed);
            json.attribute("skipped", told.units.skipped);
            json.attribute("failed", told.units.failed);
        });
    });
    text += "\n";
    return text;
}

}  // namespace migrate
