// SPDX-License-Identifier: Apache-2.0
#include "facts/facts_archive.hpp"

#include <llvm/Support/xxhash.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <type_traits>

namespace migrate {
namespace {

class Writer {
  public:
    static constexpr bool reads = false;
    std::string bytes;

    template <typename Number>
    void number(const Number& value) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    void text(const std::string& value) {
        number(static_cast<std::uint64_t>(value.size()));
        bytes += value;
    }
};

class Reader {
  public:
    static constexpr bool reads = true;
    explicit Reader(const std::string& bytes) : bytes_(bytes) {}

    template <typename Number>
    void number(Number& value) {
        if (!has(sizeof(value))) return;
        std::memcpy(&value, bytes_.data() + at_, sizeof(value));
        at_ += sizeof(value);
    }
    void text(std::string& value) {
        std::uint64_t size = 0;
        number(size);
        if (!has(size)) return;
        value.assign(bytes_, at_, size);
        at_ += size;
    }
    bool whole() const { return good_ && at_ == bytes_.size(); }
    bool good() const { return good_; }

  private:
    bool has(std::uint64_t size) { return good_ = good_ && size <= bytes_.size() - at_; }

    const std::string& bytes_;
    std::size_t at_ = 0;
    bool good_ = true;
};

// What a value is made of, named once for both directions.
template <typename Archive, typename Value>
void describe(Archive& archive, Value& value);

template <typename Archive, typename... Values>
void describe_all(Archive& archive, Values&... values) {
    (describe(archive, values), ...);
}

template <typename Archive>
void fields(Archive& a, Place& v) {
    describe_all(a, v.file, v.offset);
}
template <typename Archive>
void fields(Archive& a, TextRange& v) {
    describe_all(a, v.file, v.begin, v.end);
}
template <typename Archive>
void fields(Archive& a, Edit& v) {
    describe_all(a, v.file, v.offset, v.length, v.text, v.moved_offset, v.moved_length, v.group, v.order, v.stand_in,
                 v.stand_in_for);
}
template <typename Archive>
void fields(Archive& a, Site& v) {
    describe_all(a, v.at, v.length, v.symbol, v.module, v.rule_id, v.state, v.reason, v.group, v.note, v.stays);
}
template <typename Archive>
void fields(Archive& a, IncludeLine& v) {
    describe_all(a, v.offset, v.name_offset, v.spelled, v.angled, v.resolved, v.computed);
}
template <typename Archive>
void fields(Archive& a, AskedFor& v) {
    describe_all(a, v.spelled, v.is_there, v.is_missing);
}
template <typename Archive>
void fields(Archive& a, StayingUse& v) {
    describe_all(a, v.at, v.scope, v.unqualified, v.error_header, v.through);
}
template <typename Archive>
void fields(Archive& a, UsingDirective& v) {
    describe_all(a, v.at, v.length, v.scope, v.alias);
}
template <typename Archive>
void fields(Archive& a, CatchClause& v) {
    describe_all(a, v.try_body, v.type, v.clause, v.body_edits, v.refusal, v.can_be_doubled, v.passing_edits,
                 v.can_pass, v.passed_to, v.function);
}
template <typename Archive>
void fields(Archive& a, KeptCopies& v) {
    describe_all(a, v.refusal, v.array, v.rest, v.copying, v.type, v.views);
}
template <typename Archive>
void fields(Archive& a, HandlerVariable& v) {
    describe_all(a, v.statement, v.name, v.uses);
}
template <typename Archive>
void fields(Archive& a, LinkedName& v) {
    describe_all(a, v.declarations, v.definitions);
}
template <typename Archive>
void fields(Archive& a, CallNode& v) {
    describe_all(a, v.callees, v.throwing, v.throws_legacy, v.calls_unknown, v.untyped, v.downloads);
}
template <typename Archive>
void fields(Archive& a, FileFacts& v) {
    describe_all(a, v.includes, v.asked, v.units, v.skipped, v.macro_bodies, v.stringized, v.broken, v.in_failed_unit,
                 v.editable, v.locked, v.unwritable);
}
template <typename Archive>
void fields(Archive& a, Groups::Entry& v) {
    describe_all(a, v.name, v.root, v.reason);
}

template <typename Archive>
void fields(Archive& a, Meaning& v) {
    describe_all(a, v.at, v.question, v.made_for, v.declared, v.answer, v.shown, v.parts);
}
template <typename Archive>
void fields(Archive& a, ParseError& v) {
    describe_all(a, v.file, v.offset, v.line, v.message, v.fatal, v.of_meaning, v.parts);
}
template <typename Archive>
void fields(Archive& a, ParseOutcome& v) {
    describe_all(a, v.errors, v.readable, v.skipped);
}

template <typename Archive, typename First, typename Second>
void fields(Archive& a, std::pair<First, Second>& v) {
    describe(a, const_cast<std::remove_const_t<First>&>(v.first));
    describe(a, v.second);
}

// An element that can be filled: a map's own pairs have a constant key.
template <typename Element>
struct Filled {
    using type = Element;
};
template <typename Key, typename Mapped>
struct Filled<std::pair<const Key, Mapped>> {
    using type = std::pair<Key, Mapped>;
};

template <typename Value>
concept collection = requires(Value value) {
    value.begin();
    value.clear();
};

template <typename Archive, typename Value>
void describe(Archive& archive, Value& value) {
    if constexpr (std::is_same_v<std::remove_const_t<Value>, std::string>) {
        archive.text(value);
    } else if constexpr (std::is_arithmetic_v<Value> || std::is_enum_v<Value>) {
        archive.number(value);
    } else if constexpr (collection<Value>) {
        std::uint64_t size = value.size();
        archive.number(size);
        if constexpr (Archive::reads) {
            for (std::uint64_t at = 0; at < size && archive.good(); ++at) {
                typename Filled<typename Value::value_type>::type each{};
                describe(archive, each);
                value.insert(value.end(), std::move(each));
            }
        } else {
            for (auto& each : value) describe(archive, const_cast<std::remove_cvref_t<decltype(each)>&>(each));
        }
    } else {
        fields(archive, value);
    }
}

struct Package {
    std::vector<Groups::Entry> members;
    std::map<std::string, std::vector<Edit>> edits;
    std::map<std::string, std::uint64_t> digests;
};

template <typename Archive>
void describe_package(Archive& archive, Package& extra, Facts& found) {
    describe_all(archive, extra.members, extra.edits, extra.digests);
    describe_all(archive, found.sites, found.files, found.staying, found.directives, found.handlers, found.copies,
                 found.handler_variables, found.dropped_handler_uses, found.calls, found.linked, found.dependent_groups,
                 found.dependent, found.other_meanings, found.probed, found.unit_files, found.asked_errors,
                 found.meanings, found.told_apart, found.refers, found.replaced);
}

template <typename Map>
void add_all(Map& into, Map& from) {
    into.insert(from.begin(), from.end());
}

}  // namespace

std::string pack(const ParseOutcome& outcome) {
    Writer archive;
    describe(archive, const_cast<ParseOutcome&>(outcome));
    return std::move(archive.bytes);
}

bool unpack(ParseOutcome& into, const std::string& bytes) {
    Reader archive(bytes);
    describe(archive, into);
    return archive.whole();
}

std::string pack(const ParseOutcome& outcome, const Facts& found) {
    Writer archive;
    describe(archive, const_cast<ParseOutcome&>(outcome));
    if (!outcome.readable) return std::move(archive.bytes);
    Package extra{found.together.members(), found.edits.all(), {}};
    for (const auto& [path, file] : found.files) extra.digests[path] = llvm::xxh3_64bits(file.content);
    describe_package(archive, extra, const_cast<Facts&>(found));
    return std::move(archive.bytes);
}

std::string unpack_into(Facts& into, ParseOutcome& outcome, const std::string& bytes) {
    Reader archive(bytes);
    describe(archive, outcome);
    if (archive.good() && !outcome.readable) return {};
    Package extra;
    Facts unit;
    describe_package(archive, extra, unit);
    if (!archive.whole()) return "?";
    for (auto& [path, file] : unit.files) {
        const auto known = into.files.find(path);
        if (known != into.files.end() && !known->second.content.empty()) {
            file.content = known->second.content;
        } else {
            std::ifstream stream(path, std::ios::binary);
            file.content.assign(std::istreambuf_iterator<char>(stream), {});
        }
        if (llvm::xxh3_64bits(file.content) != extra.digests[path]) return path;
    }
    unit.together = Groups(extra.members);
    for (const auto& [file, list] : extra.edits) {
        for (const Edit& each : list) unit.edits.add(each);
    }
    merge(into, std::move(unit));
    return {};
}

namespace {

// One file as two units see it.
void merge_file(FileFacts& known, FileFacts&& file) {
    if (known.content.empty()) known.content = std::move(file.content);
    add_all(known.includes, file.includes);
    for (const auto& [at, asked] : file.asked) {
        AskedFor& held = known.asked[at];
        held.spelled = asked.spelled;
        held.is_there = held.is_there || asked.is_there;
        held.is_missing = held.is_missing || asked.is_missing;
    }
    add_all(known.units, file.units);
    add_all(known.skipped, file.skipped);
    add_all(known.macro_bodies, file.macro_bodies);
    add_all(known.stringized, file.stringized);
    add_all(known.broken, file.broken);
    known.in_failed_unit = known.in_failed_unit || file.in_failed_unit;
    known.editable = known.editable && file.editable;
    known.locked = known.locked || file.locked;
    if (known.unwritable.empty()) known.unwritable = file.unwritable;
}

// `moved`: a key of the unit's under the keys of all units.
template <typename Moved>
void merge_call(CallNode& held, const CallNode& node, const Moved& moved) {
    held.callees.insert(node.callees.begin(), node.callees.end());
    for (const Groups::Key each : node.throwing) held.throwing.insert(moved(each));
    for (const Groups::Key each : node.untyped) held.untyped.insert(moved(each));
    held.throws_legacy = held.throws_legacy || node.throws_legacy;
    held.calls_unknown = held.calls_unknown || node.calls_unknown;
    held.downloads.insert(node.downloads.begin(), node.downloads.end());
}

}  // namespace

void merge(Facts& into, Facts&& unit) {
    const std::vector<Groups::Entry> members = unit.together.members();
    std::vector<Groups::Key> here(members.size());
    for (std::size_t at = 0; at < members.size(); ++at) here[at] = into.together.of(members[at].name);
    const auto moved = [&](Groups::Key key) { return key < 0 ? key : here[static_cast<std::size_t>(key)]; };
    for (std::size_t at = 0; at < members.size(); ++at) {
        into.together.unite(here[at], moved(members[at].root));
        if (!members[at].reason.empty()) into.together.block(here[at], members[at].reason);
    }
    for (const auto& [file, list] : unit.edits.all()) {
        for (Edit each : list) {
            each.group = moved(each.group);
            into.edits.add(each);
        }
    }
    for (auto& [at, each] : unit.sites) {
        each.group = moved(each.group);
        const auto [held, fresh] = into.sites.try_emplace(at, each);
        if (!fresh && held->second.reason.empty()) held->second.reason = each.reason;
        if (!fresh && held->second.stays.empty()) held->second.stays = each.stays;
    }
    for (auto& [path, file] : unit.files) {
        const auto [held, fresh] = into.files.try_emplace(path, file);
        if (!fresh) merge_file(held->second, std::move(file));
    }
    add_all(into.staying, unit.staying);
    add_all(into.directives, unit.directives);
    add_all(into.handlers, unit.handlers);
    for (auto& [at, copies] : unit.copies) {
        const auto [held, fresh] = into.copies.try_emplace(at, copies);
        // What one configuration refuses stays a copy.
        if (!fresh && held->second.refusal.empty()) held->second.refusal = copies.refusal;
    }
    for (auto& [at, variable] : unit.handler_variables) {
        const auto [held, fresh] = into.handler_variables.try_emplace(at, variable);
        if (!fresh) add_all(held->second.uses, variable.uses);
    }
    for (const auto& [at, key] : unit.dropped_handler_uses) into.dropped_handler_uses[at] = moved(key);
    for (const auto& [name, node] : unit.calls) merge_call(into.calls[name], node, moved);
    for (const auto& [name, linked] : unit.linked) {
        LinkedName& held = into.linked[name];
        for (const Groups::Key each : linked.declarations) held.declarations.insert(moved(each));
        for (const Groups::Key each : linked.definitions) held.definitions.insert(moved(each));
    }
    for (const auto& [at, key] : unit.dependent_groups) into.dependent_groups[at] = moved(key);
    for (auto& [at, meanings] : unit.dependent) add_all(into.dependent[at], meanings);
    for (auto& [at, declared] : unit.other_meanings) add_all(into.other_meanings[at], declared);
    add_all(into.probed, unit.probed);
    add_all(into.asked_errors, unit.asked_errors);
    for (auto& [id, all] : unit.meanings) into.meanings[id] = std::move(all);
    for (auto& [kept, uses] : unit.told_apart) {
        for (auto& [type, parts] : uses) add_all(into.told_apart[kept][type], parts);
    }
    for (auto& [node, sources] : unit.refers) add_all(into.refers[node], sources);
    add_all(into.replaced, unit.replaced);
    for (auto& [id, files] : unit.unit_files) add_all(into.unit_files[id], files);
}

}  // namespace migrate
