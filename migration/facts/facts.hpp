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

struct text_range {
    std::string file;
    unsigned begin = 0;
    unsigned end = 0;
    bool valid() const { return !file.empty(); }
};

enum class site_state { migrated, blocked, unseen };

struct site {
    place at;
    unsigned length = 0;
    std::string symbol;  // as declared: utils::DeviceBuffer::len
    std::string module;
    std::string rule_id;
    site_state state = site_state::migrated;
    std::string reason;  // a code of all_reasons(), empty where migrated
    groups::key group = 0;
    std::string stays = {};  // a reason: it keeps its name though its group goes, on an object of a transition type
    std::string note = {};   // a code of all_notes(), where --zero-copy has something to say
};

struct include_line {
    unsigned offset = 0;  // of the '#'
    unsigned name_offset = 0;
    std::string spelled;  // without quotes
    bool angled = false;
    std::string resolved;   // real path
    bool computed = false;  // by a macro, whose name stands at name_offset
};

// A use of a name that stays: it keeps a using-directive or the error header alive.
struct staying_use {
    place at;
    std::string scope;         // "utils" or "gpu"
    bool unqualified = false;  // found through a using-directive
    bool error_header = false;
    std::string through = {};  // the first name of the written qualifier
    auto operator<=>(const staying_use&) const = default;
};

struct using_directive {
    place at;
    unsigned length = 0;       // without the semicolon
    unsigned name_offset = 0;  // of the namespace's name
    unsigned name_length = 0;
    std::string scope;
    std::string alias = {};   // its name, for a namespace alias
    bool whole_file = false;  // not inside a function or class
};

// One handler of CudaException, with the edits that would migrate it.
struct catch_clause {
    std::string try_body;  // its key in the call graph
    text_range type;       // qualifier and name
    text_range clause;     // from `catch` to the closing brace
    std::vector<edit> body_edits;
    std::string refusal;  // a reason code
    bool can_be_doubled = false;
    // What else it needs where failures of module 2 reach it now that passed it before.
    std::vector<edit> passing_edits = {};
    bool can_pass = false;
    text_range passed_to = {};  // the handler that they reached, where there is one
    std::string function;       // key of the enclosing function
};

// One call that returned copies of a snapshot, and what makes a view of them.
struct kept_copies {
    std::string refusal;  // a note's code: the copies stay
    std::string array;    // what of a graph it downloads: positions or velocities
    std::string rest;     // key in the call graph of what runs while the result lives
    edit copying;         // the edit that asks for copies
    text_range type;      // NodeVectors, where the variable's type is written out
    std::vector<edit> views;
};

// A variable that holds the legacy error handler.
struct handler_variable {
    text_range statement;  // the whole declaration, where it may be removed; else invalid
    text_range name;       // a parameter's name
    std::set<place> uses;
};

struct call_node {
    std::set<std::string> callees;
    std::set<groups::key> throwing;        // legacy uses that can throw CudaException
    bool throws_legacy = false;            // a source of CudaException that stays
    bool calls_unknown = false;            // through a function object or pointer
    std::set<groups::key> untyped = {};    // uses of module 2 that can throw: never CudaException
    std::set<std::string> downloads = {};  // what legacy calls may start or finish to download
};

// What the program keeps once a type: under each type as it is named now, the groups that it changes with.
using TypeUses = std::map<std::string, std::set<std::string>>;

struct file_facts {
    std::string content;
    std::map<unsigned, include_line> includes;
    std::set<std::string> units;
    std::map<std::string, std::vector<std::pair<unsigned, unsigned>>> skipped;  // by unit
    std::set<std::pair<unsigned, unsigned>> macro_bodies;
    std::set<std::pair<unsigned, unsigned>> broken;  // what some unit did not understand
    bool in_failed_unit = false;
    bool editable = true;
    bool locked = false;     // not editable because units outside this run see it
    std::string unwritable;  // a reason code: not editable because of what the file is on the disk
};

struct facts {
    groups together;
    edit_set edits;
    std::map<place, site> sites;
    std::map<std::string, file_facts> files;
    std::set<staying_use> staying;
    std::map<place, using_directive> directives;
    std::map<place, catch_clause> handlers;
    std::map<place, kept_copies> copies;  // by the call's name
    std::map<place, handler_variable> handler_variables;
    std::map<place, groups::key> dropped_handler_uses;
    std::map<std::string, call_node> calls;
    // Try bodies whose handlers ask by dynamic_cast or typeid whether a CudaException came; "" where anything may.
    std::set<std::string> asked_errors;
    std::map<place, groups::key> dependent_groups;  // what an unresolved name changes with
    // Dependent names, and what instantiations said they are ("" for a name that is not legacy).
    std::map<place, std::set<std::string>> dependent;
    // Legacy words that mean something else in some unit, expansion or instantiation, and where that is declared.
    std::map<place, std::set<place>> other_meanings;
    std::set<place> probed;  // those of `dependent` that ask whether something has such a member
    std::map<std::string, std::set<std::string>> unit_files;
    std::map<Groups::key, std::string> messages;           // the compiler's, of groups that verification took back
    std::map<std::string, std::vector<Meaning>> meanings;  // by unit
    std::map<std::string, TypeUses> told_apart;            // by what is kept once a type, under the types' new names

    // Adds the site if it is new; a reason blocks its group.
    groups::key add_site(const place& at, unsigned length, legacy_name name, const std::string& reason = {});
    void block(groups::key group, const std::string& reason, const place& at);
    // The place cannot be edited. Where a transition type has its name, it alone is left, else its group is blocked.
    void leave(groups::key group, const std::string& reason, const place& at);
    // The transition types that each group needs for its places that stay, by the key that speaks for the group.
    std::map<groups::key, std::set<std::string>> transitions() const;
};

}  // namespace migrate
