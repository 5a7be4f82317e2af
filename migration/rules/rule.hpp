// SPDX-License-Identifier: Apache-2.0
// What a migration rule is. A rule is data: the legacy names it covers, what becomes of each, why, and what it
// refuses. The rules themselves stand in rules/, one file a legacy module.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace migrate {

// What happens to the text where a legacy name is spelled.
enum class EditKind {
    keep,            // the name is the same in the new API: nothing to write
    rename,          // another name for the same thing: member, method, nested type
    rename_scoped,   // a class, alias or function named in a namespace: qualifier and name are replaced together
    swap_arguments,  // f(a, b) -> replacement(b, a)
    drop_call,       // x.f() -> x
    append,          // x.f() -> x.replacement().suffix
    to_free,         // x.f(a) -> replacement(x, a)
    untyped_owner,   // a class whose objects a factory makes now, and whose references become handles held by value
    manager_class,   // a class whose constructor lost its argument
    config_class,    // an aggregate whose defaults differ and are spelled out
    handle_call,     // a method that returned a reference and now returns a handle by value, or is const now
    refuse           // no safe edit is known
};

struct Spelling {
    std::string_view legacy;  // qualified, as declared: "utils::DeviceBuffer::len"
    EditKind kind;
    std::string_view replacement;  // without `triune::`
    // A name that nothing else is likely to have. Only these are believed in text that was never parsed.
    bool distinctive = true;
    std::string_view suffix = {};  // for append
    bool takes_spans = false;      // in place of vectors: braces need a type, and its address another
    bool never_throws = false;     // as before: a pointer to it may stay noexcept
    bool adds_parameters = false;  // that calls need not name: its address is another
};

struct Rule {
    std::string_view id;      // stable: reports, deprecation messages and documents use it
    std::string_view module;  // "gpu_memory", ...
    std::string_view header;  // the legacy header this rule removes, if it is an include rule
    std::string_view before;  // one line of legacy code
    std::string_view after;   // the same line migrated
    std::string_view explanation;
    std::string_view refusals;
    std::vector<Spelling> spellings = {};
};

// Why a site was left alone; `--explain` explains these too.
struct Reason {
    std::string_view code;
    std::string_view brief;  // why a place stays, as a compiler would warn; notes have none
    std::string_view explanation;
    std::string_view what_to_do = {};  // empty for what needs nothing
};

// Null where there is none of that code.
const Reason* find_reason(std::string_view code);

std::span<const Rule> all_rules();
std::span<const Reason> all_reasons();
// What --zero-copy did with a call that returned copies, or why it left them.
std::span<const Reason> all_notes();

// One list a module, defined in rules/.
const std::vector<Rule>& gpu_memory_rules();
const std::vector<Rule>& dynamic_buffer_manager_rules();
const std::vector<Rule>& unified_gpu_compute_rules();
const std::vector<Rule>& device_buffer_rules();
const std::vector<Rule>& error_handler_rules();
const std::vector<Rule>& transition_rules();

}  // namespace migrate
