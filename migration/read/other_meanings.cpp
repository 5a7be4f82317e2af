// SPDX-License-Identifier: Apache-2.0
#include "read/other_meanings.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "edits/old_places.hpp"

namespace migrate {
namespace {

using Meanings = std::vector<const Meaning*>;
using AnswerKey = std::pair<Place, std::string>;

std::set<AnswerKey> answers(const Meanings& of) {
    std::set<AnswerKey> all;
    for (const Meaning* each : of) all.emplace(each->declared, each->answer);
    return all;
}

Meanings not_among(const Meanings& all, const Meanings& others) {
    const std::set<AnswerKey> known = answers(others);
    Meanings left;
    std::ranges::copy_if(all, std::back_inserter(left), [&](const Meaning* each) {
        return !known.contains({each->declared, each->answer});
    });
    return left;
}

std::string named(const Meanings& all) {
    std::set<std::string> names;
    for (const Meaning* each : all) names.insert(each->shown);
    std::string text;
    for (const std::string& each : names) text += (text.empty() ? "" : " or ") + each;
    return text;
}

struct Question {
    Meanings before, after;
};

// Instantiations for classes that become one give one answer afterwards, and whatever gave another has changed.
void compare(const Question& asked, bool same_types, std::vector<ParseError>& found) {
    if (asked.before.empty() || asked.after.empty()) return;
    const Meanings gained = not_among(asked.after, asked.before);
    const Meanings lost = not_among(asked.before, asked.after);
    if (gained.empty() && (lost.empty() || !same_types)) return;
    const Meaning& now = gained.empty() ? *asked.after.front() : *gained.front();
    ParseError error;
    error.file = now.now.file;
    error.offset = now.now.offset;
    error.line = now.line;
    error.of_meaning = true;
    error.message = now.question + " would be " + named(gained.empty() ? asked.after : gained) + " here, and was " +
                    named(lost.empty() ? asked.before : lost);
    std::set<std::string> parts;
    for (const Meaning* each : lost.empty() ? asked.before : lost) parts.insert(each->parts.begin(), each->parts.end());
    error.parts.assign(parts.begin(), parts.end());
    found.push_back(error);
}

}  // namespace

std::vector<Meaning> settled(std::vector<Meaning> before, const EditedFiles& edited) {
    const auto settle = [&](Place& at) {
        const auto file = edited.find(at.file);
        if (file != edited.end()) at.offset = settled_offset(file->second, at.offset);
    };
    for (Meaning& each : before) {
        settle(each.at);
        settle(each.declared);
    }
    return before;
}

std::vector<ParseError> other_meanings(const std::vector<Meaning>& before, const std::vector<Meaning>& after) {
    std::map<std::tuple<Place, std::string>, std::map<std::string, Question>> asked;
    for (const Meaning& each : before) asked[{each.at, each.question}][each.made_for].before.push_back(&each);
    for (const Meaning& each : after) {
        const auto known = asked.find({each.at, each.question});
        if (known != asked.end()) known->second[each.made_for].after.push_back(&each);
    }
    std::vector<ParseError> found;
    for (const auto& [at, by_types] : asked) {
        Question others;  // made for types that have another name on the other side
        for (const auto& [types, each] : by_types) {
            compare(each, true, found);
            if (each.after.empty()) others.before.insert(others.before.end(), each.before.begin(), each.before.end());
            if (each.before.empty()) others.after.insert(others.after.end(), each.after.begin(), each.after.end());
        }
        compare(others, false, found);
    }
    return found;
}

}  // namespace migrate
