// SPDX-License-Identifier: Apache-2.0
// Why places are left, and what to do about each.
#include <algorithm>
#include <array>

#include "rules/rule.hpp"

namespace migrate {

std::span<const Reason> all_reasons() {
    static constexpr auto reasons = std::to_array<Reason>({
        {"macro-body", "a macro puts the name together out of parts",
         "The name is put together by a macro out of parts, so no text is there that could be edited.",
         "Write the name out, and run again."},
        {"macro-argument", "it changes together with what stands in a macro's body",
         "What would have to change together stands in part in a macro's argument and in part in a macro's body.",
         "Move the expression out of the macro call, and run again."},
        {"stringized", "a macro makes a string of it",
         "A macro of the program's own makes a string of this text by #, and uses it as data: as a key, a name or "
         "output. An edit would change what the string says. A string that is used under a condition alone, as where a "
         "check fails, or that goes with __FILE__ or __LINE__ is a message, and no reason to leave a place.",
         "Edit the place by hand, and write out the string where its old text is needed."},
        {"two-meanings", "the same text means something else where it is compiled again",
         "The same text is compiled more than once, in several units, configurations or expansions of a macro, and the "
         "name is not the legacy one each time. The program's own declaration of that name has this reason too.",
         "Give the two meanings a text each, or the program's own class the new name beside its own."},
        {"dependent", "it depends on a template parameter and cannot be resolved",
         "The name belongs to an expression that depends on a template parameter and cannot be resolved, or resolves "
         "differently in different instantiations.",
         "Write an overload for the legacy type, or the new name where all instantiations are of the new type."},
        {"probed-name", "a trait, a concept or noexcept asks for this name",
         "A trait, a concept or noexcept asks by this name whether a type has such a member or whether it may throw. "
         "Under the new name the answer would change silently, and with it the code that is chosen.",
         "Let it ask for the new name too, and run again."},
        {"computed-include", "a macro names the header",
         "A macro names the legacy header here, so other code may choose what is included.",
         "Write the new header into the macro's definition, or remove the line."},
        {"excluded-branch", "no parsed configuration compiles it",
         "The name stands in an #if branch that no parsed configuration compiles, or in the argument of a macro that "
         "drops it, as assert does under NDEBUG.",
         "Add a configuration to the compilation database that compiles it, or edit it by hand."},
        {"unit-failed", "a unit that has this file did not parse",
         "The name stands in a file that belongs to a unit which did not parse.",
         "See triune-migrate --doctor, mend the unit or its command, and run again."},
        {"broken-declaration", "a declaration that it depends on does not parse",
         "The name stands in a declaration that does not parse, or changes together with something that such a "
         "declaration names. The rest of the unit is migrated.",
         "Mend the declaration, and run again."},
        {"side-effects", "the edit would reorder or drop side effects",
         "The edit would change the order of two expressions that can both have side effects, or drop one that has.",
         "Give one of them a variable before the statement, and run again."},
        {"address-taken", "the function is named without being called",
         "The method is named without being called, and its replacement is more than another name. Where a function "
         "is, a lambda takes its place.",
         "Write a lambda that makes the call, and run again."},
        {"construct", "the new class cannot be built in this way",
         "The object is built in a way that the new class does not have.",
         "Build it by triune::default_manager(), as the rule's second line shows."},
        {"default-config", "the default configuration is hidden inside another expression",
         "A default-made BufferConfig is hidden inside another expression, or its members are set in a way that leaves "
         "no place for the defaults.",
         "Write the configuration out, gpu::BufferConfig{}, and run again."},
        {"pointer", "a pointer to an untyped buffer of a manager is kept",
         "The address is taken of an untyped buffer that a manager gave or that came by reference, or a template keeps "
         "a reference to it. Those are handles now, held by value: another address, which ends sooner. What the "
         "pointer "
         "flows to is left with it. Pointers to buffers that objects own go, and so does a template's lambda that is "
         "over when its function returns.",
         "Keep a reference or the manager's name for the buffer, and run again."},
        {"explicit-instantiation", "an explicit instantiation has no counterpart for the new type",
         "A function is instantiated explicitly for a legacy type in a way that the new type does not have: a member "
         "of a legacy class, a template made for the untyped buffer itself, or words that nobody could find the "
         "function for. What depends on it is left until then.",
         "Write the instantiation anew by hand, and run again."},
        {"forward-declaration", "it is declared beside other things in its namespace",
         "The class is declared beside other things in its namespace, so the block cannot move.",
         "Include the header in place of the declaration, or give the declaration a namespace block of its own."},
        {"handler", "a handler of CudaException over it cannot be migrated",
         "The call lies under a handler of CudaException that cannot be migrated with it, so its errors would pass "
         "it.",
         "Make the handler one that names only what(), code() and the location, and run again."},
        {"untyped-handler", "a migrated handler of CudaException would catch its errors too",
         "Failures of module 2 were plain std::runtime_error, so they passed the handlers of CudaException over them. "
         "The call lies under one that is migrated and would catch them, and that cannot be given what the handler "
         "behind it does: that one has a label, a local type, a try block, a legacy name or more than 40 lines, or "
         "uses its exception object otherwise, or one of the two is in a macro.",
         "Make that handler call a function, or give module 2 a try block of its own, and run again."},
        {"transition", "it keeps its old names for a place that could not be edited",
         "The object keeps its old names, as members of a transition type, for a place that could not be edited.",
         "Mend that place, which has a reason of its own, and run again: the plain type takes its place then."},
        {"group", "another place that must change together with it is blocked",
         "Another place that must change together with this one is blocked.",
         "Mend the place that the report says this one waits for, and run again."},
        {"conflict", "two units or rules ask for different text here",
         "Two units, or two rules, ask for different text at the same place.",
         "Edit the place by hand, so that it means the same in every unit."},
        {"verify", "the edited code did not parse",
         "The edited code did not parse against the new API, so the edit was taken back. The JSON report has the "
         "compiler's message.",
         "Edit the place by hand along that message. It is a gap of the tool: report it with the code."},
        {"resolves-otherwise", "the edited code would mean something else",
         "The edited code parses, but would mean something else: another function or specialisation is chosen, a type "
         "question is answered otherwise, or what the program keeps for each of two classes is kept once for both. The "
         "JSON report says what it was and what it would be.",
         "Write an overload or a specialisation for the new class where the old one has its own, and run again."},
        {"excluded-file", "--exclude names the file", "The file was excluded on the command line.",
         "Leave --exclude out for it."},
        {"kept", "a comment keeps it", "A comment says triune-migrate: keep.", "Remove the comment, and run again."},
        {"not-chosen", "--rules and --modules do not name its rule", "--rules and --modules do not name its rule.",
         "Name its rule or module too, or leave both out."},
        {"outside-project", "a symbolic link leads out of the project to this file",
         "A symbolic link leads out of the project to this file, which others may use too.",
         "Run over the project that holds the file, or from a folder that holds both."},
        {"hard-linked", "the file has another name by a hard link",
         "The file has another name by a hard link, and would keep its old text under it.",
         "Make that name a symbolic link or a file of its own, and run again."},
        {"read-only", "nobody may write to the file", "Nobody may write to the file.",
         "Make it writable, and run again."},
        {"generated", "CMake writes this file anew",
         "CMake writes this file, out of target_precompile_headers or for a unity build, and would write it anew over "
         "any "
         "edit. The sources that had the legacy header from it include the new one themselves.",
         "Name <triune/triune.hpp> in target_precompile_headers in place of the legacy header, and "
         "<utils/cuda_error_handling.hpp> where its names are still used, and run again."},
        {"not-selected", "units that this run does not edit see it too",
         "Units that this run was not asked to edit see the file too.", "Name them as well, or run over everything."},
        {"unsupported", "no safe edit is known", "No safe edit is known for this use.",
         "Edit it by hand; triune-migrate --explain RULE names the replacement."},
    });
    return reasons;
}

std::span<const Reason> all_notes() {
    static constexpr auto notes = std::to_array<Reason>({
        {"view", "", "The result is a view of the snapshot now, and nothing is copied."},
        {"copy-blocking", "",
         "The call reads what the device holds at that moment, straight into vectors; there is no snapshot to view.",
         "Use start_positions_download() and wait_for_positions(), which give one."},
        {"copy-not-kept", "",
         "The result is not kept in a local variable of its own, declared by auto, by [x, y, z] or as NodeVectors "
         "among the statements of a block.",
         "Give it such a variable, and run again."},
        {"copy-modified", "", "The copies are written to, or may be; a view is read-only."},
        {"copy-escapes", "",
         "The result, an array of it or the address of an element leaves the local variable: it is passed on as a "
         "vector or pointer, returned, captured, copied, or used in a way that a view does not have.",
         "Copy where it leaves, and run again."},
        {"copy-later-download", "",
         "While the variable lives, another download of the same kind may be started or finished, arrays may be "
         "resized, other threads may be waited for, or something may be called that nobody could follow. A view that "
         "is held then keeps its slot from the next download.",
         "End the variable's block before that, and run again."},
        {"copy-unresolved", "",
         "The variable or one of its uses stands in a template, a macro or a coroutine, where its life cannot be "
         "followed."},
    });
    return notes;
}

const Reason* find_reason(std::string_view code) {
    for (const auto& all : {all_reasons(), all_notes()}) {
        const auto found = std::ranges::find(all, code, &Reason::code);
        if (found != all.end()) return &*found;
    }
    return nullptr;
}

}  // namespace migrate
