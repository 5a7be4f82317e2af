// SPDX-License-Identifier: Apache-2.0
#include "collect/used_names.hpp"

#include "clang/view_uses.hpp"

namespace migrate {

using namespace clang;

// The same text may be compiled again, in another unit, another expansion or another instantiation, and mean legacy.
void UsedNames::note_other_meaning(const NamedDecl* meant, SourceLocation location) {
    if (!meant->getDeclName().isIdentifier() || !is_legacy_member(meant->getName())) return;
    const auto at = unit_.place_of(location);
    if (!at) return;
    std::set<Place>& declared = unit_.found().other_meanings[*at];
    if (const auto where = unit_.place_of(meant->getLocation())) declared.insert(*where);
}

void UsedNames::read(const DeclRefExpr* use) {
    flow_.link(use->getDecl());
    const bool through_using = isa<UsingShadowDecl>(use->getFoundDecl());
    flow_.link_using(use->getFoundDecl());
    const LegacyName name = names_.legacy(use->getDecl());
    // What a transition type has by the new name already is a site only where its address keeps the type.
    const bool new_already = name && name.from->module == "transition" && name.spelled->kind == EditKind::keep;
    if (!name || (new_already && calls_.is_callee(use))) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getDecl())) {
            trail_.note_call(function);
            opaque_.read_call(function);
        }
        if (const auto* outer = dyn_cast<NamedDecl>(use->getDecl()); outer != nullptr && !isa<ParmVarDecl>(outer)) {
            const bool member = use->getDecl()->isCXXClassMember();
            const auto* enumerator = dyn_cast<EnumConstantDecl>(outer);
            if (enumerator == nullptr && !member) sink_.note_staying(outer, use->getLocation(), through_using);
        }
        note_other_meaning(use->getDecl(), use->getLocation());
        arguments_.note_use(use);
        return;
    }
    const auto group = sink_.site_at(use->getLocation(), name);
    if (!group) return;
    if (frames_.innermost().asking_noexcept) sink_.refuse(*group, use->getLocation(), "probed-name");
    trail_.note_throwing_site(name, use->getDecl(), *group);
    const auto at = unit_.place_of(use->getLocation());
    const bool same_shape = !name.spelled->takes_spans && !name.spelled->adds_parameters;
    if (!same_shape && !calls_.is_callee(use)) return name_function(use, name, *group, through_using);
    switch (name.spelled->kind) {
        case EditKind::keep:
            break;
        case EditKind::rename:
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using);
            break;
        case EditKind::rename_scoped:
            if (!calls_.is_callee(use)) return name_function(use, name, *group, through_using);
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using, true);
            break;
        case EditKind::handle_call:
            sink_.refuse(*group, use->getLocation(), "address-taken");
            break;
        default:
            // Calls of these are edited where the call is seen.
            if (!calls_.is_callee(use)) name_function(use, name, *group, through_using);
            // The lambda takes the arguments in the order that they have.
            if (calls_.must_keep_order(use) && !point_by_lambda(use, name, *group, through_using))
                sink_.refuse(*group, use->getLocation(), "side-effects");
    }
}

void UsedNames::name_function(const DeclRefExpr* use, LegacyName name, Groups::Key group, bool through_using) {
    if (!point_by_lambda(use, name, group, through_using)) sink_.refuse(group, use->getLocation(), "address-taken");
}

// `&F` becomes `+[](A a) { return G(a); }`, which is a pointer to a function of the same type.
bool UsedNames::point_by_lambda(const DeclRefExpr* use, LegacyName name, Groups::Key group, bool through_using) {
    const auto* function = dyn_cast<FunctionDecl>(use->getDecl());
    const auto* method = dyn_cast_or_null<CXXMethodDecl>(function);
    const bool swapped = name.spelled->kind == EditKind::swap_arguments;
    if (function == nullptr || (method != nullptr && method->isInstance())) return false;
    // What is instantiated for several types has no one type to write.
    if (std::ranges::any_of(frames_.functions(), &FunctionDecl::isTemplateInstantiation)) return false;
    const bool finds_types = swapped && name.spelled->takes_spans;  // make_buffer_from, by itself
    if (function->getTemplateSpecializationArgs() != nullptr && !use->hasExplicitTemplateArgs() && !finds_types)
        return false;
    const auto operation = taken_.find(use);
    const auto named = unit_.file_range_of(use->getSourceRange());
    const auto whole = operation == taken_.end() ? named : unit_.file_range_of(operation->second->getSourceRange());
    if (!named || !whole || named->file != whole->file || named->end != whole->end) return false;
    PrintingPolicy plain(unit_.tree().getLangOpts());
    plain.SuppressTagKeyword = true;
    std::string parameters;
    std::string arguments;
    for (const ParmVarDecl* each : function->parameters()) {
        const std::string type = each->getType().getAsString(plain);
        const std::string word = each->getNameAsString();
        if (word.empty() || type.find('(') != std::string::npos) return false;
        parameters += (parameters.empty() ? "" : ", ") + type + " " + word;
        arguments = arguments.empty() ? word : swapped ? word + ", " + arguments : arguments + ", " + word;
    }
    const std::string head = std::string(calls_.is_callee(use) ? "[]" : "+[]") +
                             (parameters.empty() ? "" : "(" + parameters + ")") + " { return ";
    sink_.put(group, whole->file, whole->begin, named->begin, head, 2);
    if (name.spelled->kind != EditKind::keep) {
        sink_.edit_name(group, *unit_.place_of(use->getLocation()), name, name.spelled->replacement, through_using,
                        method == nullptr);
    }
    const auto types = finds_types && use->hasExplicitTemplateArgs()
                           ? unit_.range_of({use->getLAngleLoc(), use->getRAngleLoc()})
                           : std::nullopt;
    if (types) sink_.put(group, types->file, types->begin, types->end, "");
    sink_.put(group, whole->file, whole->end, whole->end, "(" + arguments + "); }", -2);
    return true;
}

void UsedNames::read(const MemberExpr* use) {
    flow_.link(use->getMemberDecl());
    const LegacyName name = names_.legacy(use->getMemberDecl());
    const auto at = unit_.place_of(use->getMemberLoc());
    const bool new_already = name && name.from->module == "transition" && name.spelled->kind == EditKind::keep;
    if (!name || new_already) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getMemberDecl())) {
            trail_.note_call(function);
            opaque_.read_call(function);
        }
        if (at) {
            if (const auto open = unit_.found().dependent.find(*at); open != unit_.found().dependent.end())
                open->second.insert("");
        }
        note_other_meaning(use->getMemberDecl(), use->getMemberLoc());
        return;
    }
    if (!isa<CXXThisExpr>(use->getBase()->IgnoreParenImpCasts())) flow_.link_class(use->getBase()->getType());
    if (use->isImplicitAccess()) flow_.link_class(frames_.innermost().record);
    for (const std::string_view array : downloads_of(name)) {
        trail_.note_download(array);
    }
    const auto group = sink_.site_at(use->getMemberLoc(), name);
    if (!group) return;
    if (frames_.innermost().asking_noexcept) sink_.refuse(*group, use->getMemberLoc(), "probed-name");
    trail_.note_throwing_site(name, use->getMemberDecl(), *group);
    const EditKind kind = name.spelled->kind;
    if (kind == EditKind::rename || kind == EditKind::handle_call) {
        sink_.edit_name(*group, *at, name, hidden_.past_hiding(use, name), true);
    }
}

void UsedNames::read(const OverloadExpr* use) {
    for (const NamedDecl* each : use->decls()) {
        const bool through_using = isa<UsingShadowDecl>(each);
        flow_.link_using(each);
        const LegacyName name = names_.legacy(each->getUnderlyingDecl());
        if (!name) continue;
        const auto group = sink_.site_at(use->getNameLoc(), name);
        if (group && name.spelled->kind == EditKind::rename_scoped) {
            sink_.edit_name(*group, *unit_.place_of(use->getNameLoc()), name, name.spelled->replacement, through_using,
                            true);
        }
        break;
    }
}

void UsedNames::read(const UnaryOperator* taken) {
    if (taken->getOpcode() != UO_AddrOf) return;
    taken_[taken->getSubExpr()] = taken;
    // The new method may throw where the old one could not, and then its address is of another type.
    const QualType wanted = declarators_.type_made_from(taken);
    const auto* pointer = wanted.isNull() ? nullptr : wanted->getAs<MemberPointerType>();
    const auto* called = pointer == nullptr ? nullptr : pointer->getPointeeType()->getAs<FunctionProtoType>();
    const auto* method = dyn_cast<DeclRefExpr>(taken->getSubExpr()->IgnoreParens());
    if (called != nullptr && method != nullptr && called->isNothrow()) {
        const LegacyName name = names_.legacy(method->getDecl());
        const auto group = name ? sink_.site_at(method->getLocation(), name) : std::nullopt;
        if (group && !name.spelled->never_throws) sink_.refuse(*group, method->getLocation(), "address-taken");
    }
}

}  // namespace migrate
