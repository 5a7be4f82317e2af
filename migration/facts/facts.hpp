// SPDX-License-Identifier: Apache-2.0
// What all parsed units said, kept after their syntax trees are gone. Places are real paths and byte offsets, so that
// one header seen by many units, or under two names, is one file.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "edits/edit_set.hpp"
#include "edits/groups.hpp"
#include "facts/meaning.hpp"
#include "facts/place.hpp"
#include "rules/legacy_names.hpp"

namespace migrate {

struct TextRange {
    std::string file;
    unsigned begin = 0;
    unsigned end = 0;
    bool valid() const { return !file.empty(); }
};

enum class SiteState { migrated, blocked, unseen };

struct Site {
    Place at;
    unsigned length = 0;
    std::string symbol;  // as declared: utils::DeviceBuffer::len
    std::string module;
    std::string rule_id;
    SiteState state = SiteState::migrated;
    std::string reason;  // a code of all_reasons(), empty where migrated
    Groups::Key group = 0;
    std::string stays = {};  // a reason: it keeps its name though its group goes, on an object of a transition type
    std::string note = {};   // a code of all_notes(), where --zero-copy has something to say
};

struct IncludeLine {
    unsigned offset = 0;  // of the '#'
    unsigned name_offset = 0;
    std::string spelled;  // without quotes
    bool angled = false;
    std::string resolved;   // real path
    bool computed = false;  // by a macro, whose name stands at name_offset
};

// What __has_include asks for.
struct AskedFor {
    std::string spelled;      // without quotes
    bool is_there = false;    // some unit found a legacy header
    bool is_missing = false;  // some unit found none, or another header
};

// A use of a name that stays: it keeps a using-directive or the error header alive.
struct StayingUse {
    Place at;
    std::string scope;         // "utils" or "gpu"
    bool unqualified = false;  // found through a using-directive
    bool error_header = false;
    std::string through = {};  // the first name of the written qualifier
    auto operator<=>(const StayingUse&) const = default;
};

struct UsingDirective {
    Place at;
    unsigned length = 0;  // without the semicolon
    std::string scope;
    std::string alias = {};  // its name, for a namespace alias
};

// One handler of CudaException, with the edits that would migrate it.
struct CatchClause {
    std::string try_body;  // its key in the call graph
    TextRange type;        // qualifier and name
    TextRange clause;      // from `catch` to the closing brace
    std::vector<Edit> body_edits;
    std::string refusal;  // a reason code
    bool can_be_doubled = false;
    // What else it needs where failures of module 2 reach it now that passed it before.
    std::vector<Edit> passing_edits = {};
    bool can_pass = false;
    TextRange passed_to = {};  // the handler that they reached, where there is one
    std::string function;      // key of the enclosing function
};

// One call that returned copies of a snapshot, and what makes a view of them.
struct KeptCopies {
    std::string refusal;  // a note's code: the copies stay
    std::string array;    // what of a graph it downloads: positions or velocities
    std::string rest;     // key in the call graph of what runs while the result lives
    Edit copying;         // the edit that asks for copies
    TextRange type;       // NodeVectors, where the variable's type is written out
    std::vector<Edit> views;
};

// A variable that holds the legacy error handler.
struct HandlerVariable {
    TextRange statement;  // the whole declaration, where it may be removed; else invalid
    TextRange name;       // a parameter's name
    std::set<Place> uses;
};

struct CallNode {
    std::set<std::string> callees;
    std::set<Groups::Key> throwing;        // legacy uses that can throw CudaException
    bool throws_legacy = false;            // a source of CudaException that stays
    bool calls_unknown = false;            // through a function object or pointer
    std::set<Groups::Key> untyped = {};    // uses of module 2 that can throw: never CudaException
    std::set<std::string> downloads = {};  // what legacy calls may start or finish to download
};

// What the linker finds by one name: the groups of units that only declare it, and of those that define it.
struct LinkedName {
    std::set<Groups::Key> declarations;
    std::set<Groups::Key> definitions;
};

// What the program keeps once a type: under each type as it is named now, the groups that it changes with.
using TypeUses = std::map<std::string, std::set<std::string>>;

struct FileFacts {
    std::string content;
    std::map<unsigned, IncludeLine> includes;
    std::map<unsigned, AskedFor> asked;  // by the place of the quote
    std::set<std::string> units;
    std::map<std::string, std::vector<std::pair<unsigned, unsigned>>> skipped;  // by unit
    std::set<std::pair<unsigned, unsigned>> macro_bodies;
    std::set<unsigned> stringized;                   // words that a macro of the program's makes data of
    std::set<std::pair<unsigned, unsigned>> broken;  // what some unit did not understand
    bool in_failed_unit = false;
    bool editable = true;
    bool locked = false;     // not editable because units outside this run see it
    std::string unwritable;  // a reason code: not editable because of what the file is on the disk
};

struct Facts {
    Groups together;
    EditSet edits;
    std::map<Place, Site> sites;
    std::map<std::string, FileFacts> files;
    std::set<StayingUse> staying;
    std::map<Place, UsingDirective> directives;
    std::map<Place, CatchClause> handlers;
    std::map<Place, KeptCopies> copies;  // by the call's name
    std::map<Place, HandlerVariable> handler_variables;
    std::map<Place, Groups::Key> dropped_handler_uses;
    std::map<std::string, CallNode> calls;
    std::map<std::string, LinkedName> linked;
    // Try bodies whose handlers ask by dynamic_cast or typeid whether a CudaException came; "" where anything may.
    std::set<std::string> asked_errors;
    std::map<Place, Groups::Key> dependent_groups;  // what an unresolved name changes with
    // Dependent names, and what instantiations said they are ("" for a name that is not legacy).
    std::map<Place, std::set<std::string>> dependent;
    // Legacy words that mean something else in some unit, expansion or instantiation, and where that is declared.
    std::map<Place, std::set<Place>> other_meanings;
    std::set<Place> probed;  // those of `dependent` that ask whether something has such a member
    std::map<std::string, std::set<std::string>> unit_files;
    std::map<Groups::Key, std::string> messages;           // the compiler's, of groups that verification took back
    std::map<std::string, std::vector<Meaning>> meanings;  // by unit
    std::map<std::string, TypeUses> told_apart;            // by what is kept once a type, under the types' new names
    // Device buffers by reference: what each variable, member, parameter or result may refer to. Keys of calls that
    // gave the inside of a managed buffer stand among them.
    std::map<std::string, std::set<std::string>> refers;
    std::set<std::string> replaced;  // of those, the ones through which a buffer is put into another's place

    // Adds the site if it is new; a reason blocks its group.
    Groups::Key add_site(const Place& at, unsigned length, LegacyName name, const std::string& reason = {});
    void block(Groups::Key group, const std::string& reason, const Place& at);
    // The place cannot be edited. Where a transition type has its name, it alone is left, else its group is blocked.
    void leave(Groups::Key group, const std::string& reason, const Place& at);
    // The transition types that each group needs for its places that stay, by the key that speaks for the group.
    std::map<Groups::Key, std::set<std::string>> transitions() const;
};

}  // namespace migrate
