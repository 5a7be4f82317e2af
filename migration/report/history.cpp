// SPDX-License-Identifier: Apache-2.0
#include "report/history.hpp"

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include <fstream>
#include <map>

namespace migrate {
bool append_history(const std::string& path, const Account& told) {
    std::map<std::string, unsigned> modules;
    unsigned left = 0;
    for (const SiteRow& row : told.sites) {
        if (told.fixed && row.about->state == SiteState::migrated) continue;
        ++left;
        ++modules[row.about->module];
    }
    llvm::json::Object by_module;
    for (const auto& [name, number] : modules) by_module[name] = number;
    const llvm::json::Object line{{"time", told.time},
                                  {"left", left},
                                  {"blocked", told.totals.blocked},
                                  {"unseen", told.totals.unseen},
                                  {"modules", std::move(by_module)}};
    std::string text;
    llvm::raw_string_ostream(text) << llvm::json::Value(llvm::json::Object(line)) << "\n";
    std::ofstream stream(path, std::ios::binary | std::ios::app);
    stream << text;
    stream.close();
    return static_cast<bool>(stream);
}

std::vector<PastRun> read_history(const std::string& path) {
    std::vector<PastRun> runs;
    std::ifstream stream(path, std::ios::binary);
    for (std::string line; std::getline(stream, line);) {
        auto parsed = llvm::json::parse(line);
        if (!parsed) {
            llvm::consumeError(parsed.takeError());
            continue;
        }
        const llvm::json::Object* run = parsed->getAsObject();
        if (run == nullptr || !run->getInteger("left")) continue;
        const auto number = [&](const char* name) { return static_cast<unsigned>(run->getInteger(name).value_or(0)); };
        runs.push_back(
            {run->getString("time").value_or("").str(), number("left"), number("blocked"), number("unseen")});
    }
    return runs;
}

}  // namespace migrate
