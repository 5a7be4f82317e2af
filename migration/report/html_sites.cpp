// SPDX-License-Identifier: Apache-2.0
#include "report/html_sites.hpp"

#include <llvm/Support/FormatVariadic.h>

#include <map>

#include "edits/line_change.hpp"
#include "report/holding.hpp"
#include "report/html_text.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

constexpr std::size_t max_open_files = 3;

struct FileTexts {
    std::string_view before;
    std::string_view after;
    std::vector<AppliedEdit> edits;
};

FileTexts texts_of(const Account& told, const std::string& file) {
    const std::string& before = told.found.files.at(file).content;
    const auto planned = told.settled.find(file);
    if (planned == told.settled.end()) return {before, before, {}};
    return {before, planned->second.result.text, outer_edits(planned->second.result)};
}

std::string line_of_site(const Site& about, const FileTexts& texts) {
    const LineChange line = change_of_line(texts.before, texts.after, texts.edits, about.at.offset);
    const unsigned name = about.at.offset - line.old_begin;
    std::vector<MarkedPart> taken, put;
    for (const TextPart& each : line.taken) taken.push_back({each, "del"});
    for (const TextPart& each : line.put) put.push_back({each, "ins"});
    taken.push_back({{name, name + about.length}, "mark"});
    if (!line.changed()) return "<code>" + marked(line.before, {taken.back()}) + "</code>";
    const std::string after = line.after.empty() ? "<i>nothing</i>" : marked(line.after, put);
    return "<code class=old>" + marked(line.before, taken) + "</code><code class=new>" + after + "</code>";
}

std::string explained(std::string_view code) {
    const Reason* known = find_reason(code);
    if (known == nullptr) return {};
    std::string text = llvm::formatv(" &middot; <b>{0}</b> {1}", code, escaped(known->explanation));
    if (!known->what_to_do.empty()) text += " <b>What to do:</b> " + escaped(known->what_to_do);
    return text;
}

class Listing {
  public:
    explicit Listing(const Account& told) : told_(told), awaited_(waiting(told.found)) {
        for (std::size_t at = 0; at < told.sites.size(); ++at) index_[told.sites[at].about->at] = at;
    }

    std::string site(std::size_t number, const FileTexts& texts) const {
        const SiteRow& row = told_.sites[number];
        const Site& about = *row.about;
        return llvm::formatv(
                   "<div class='site {0}' id={1}><span class=at>{2}:{3}</span><div>{4}<p class=why><b class=state>{5}"
                   "</b> {6} <a href='#{7}'>{7}</a>",
                   name_of(about.state), anchor_of(number), row.line, row.column, line_of_site(about, texts),
                   state_in_words(about.state, told_.fixed), escaped(about.symbol), about.rule_id)
                   .str() +
               explained(about.reason) + awaited_place(about) + said(about) + explained(about.note) + "</div></div>";
    }

  private:
    std::string awaited_place(const Site& about) const {
        const auto other = awaited_.find(about.at);
        if (other == awaited_.end()) return {};
        const std::size_t number = index_.at(other->second);
        const SiteRow& row = told_.sites[number];
        return llvm::formatv(" It waits for <a href='#{0}'>{1}:{2}</a>.", anchor_of(number), escaped(row.file),
                             row.line);
    }

    std::string said(const Site& about) const {
        const std::string message = message_of(told_.found, about);
        return message.empty() ? message : " <b>Found:</b> " + escaped(message);
    }

    const Account& told_;
    std::map<Place, Place> awaited_;
    std::map<Place, std::size_t> index_;
};

}  // namespace

std::string anchor_of(std::size_t site) { return "site" + std::to_string(site + 1); }

std::string state_in_words(SiteState state, bool fixed) {
    return state != SiteState::migrated ? std::string(name_of(state)) : fixed ? "migrated" : "can be migrated";
}

std::string list_sites(const Account& told) {
    const Listing listing(told);
    std::string text;
    std::size_t files = 0;
    for (std::size_t first = 0; first < told.sites.size(); ++files) {
        std::size_t last = first;
        while (last < told.sites.size() && told.sites[last].file == told.sites[first].file) ++last;
        const std::string name = escaped(told.sites[first].file);
        text += llvm::formatv("<details data-name=\"{0}\"{1}><summary>{0} <span>{2}</span></summary>", name,
                              files < max_open_files ? " open" : "", last - first);
        const FileTexts texts = texts_of(told, told.sites[first].about->at.file);
        for (; first < last; ++first) text += listing.site(first, texts);
        text += "</details>";
    }
    return text;
}

}  // namespace migrate
