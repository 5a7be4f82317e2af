// SPDX-License-Identifier: Apache-2.0
#include "collect/name_visitor.hpp"

#include "clang/view_uses.hpp"

namespace migrate {

using namespace clang;

name_visitor::name_visitor(UnitContext& unit, const broken_code& broken) : unit_(unit), broken_(broken) {}

void name_visitor::read() {
    for (const auto& [file, regions] : broken_.regions()) {
        if (const FileKind& kind = unit_.kind_of(file); kind.project)
            unit_.found().files[kind.path].broken.insert(regions.begin(), regions.end());
    }
    for (Decl* each : unit_.tree().getTranslationUnitDecl()->decls()) {
        // What is instantiated explicitly begins where that is written, and its name stands where the template does.
        const bool made = isa<ClassTemplateSpecializationDecl>(each);
        if (unit_.is_project(made ? each->getBeginLoc() : each->getLocation())) TraverseDecl(each);
    }
    read_explicit_instantiations();
}

bool name_visitor::TraverseDecl(Decl* declaration) {
    if (declaration == nullptr || broken_.holds(declaration)) return true;
    if (const auto* named = dyn_cast<NamedDecl>(declaration); named != nullptr && !broken_.empty() &&
                                                              named->getLocation().isValid() &&
                                                              broken_.mentions(named->getNameAsString())) {
        unit_.found().together.block(flow_.key_of(named), "broken-declaration");
    }
    const Frames::Scope entered = frames_.enter(declaration);
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr) return walker::TraverseDecl(declaration);
    note_explicit_instantiation(function);
    const CallTrail::Scope calling = trail_.enter(function);
    return walker::TraverseDecl(declaration);
}

bool name_visitor::TraverseStmt(Stmt* statement) {
    if (statement == nullptr) return true;
    const Frames::Scope entered = frames_.enter(statement);
    return walker::TraverseStmt(statement);
}

bool name_visitor::TraverseConstructorInitializer(CXXCtorInitializer* initializer) {
    const Frames::Scope entered = frames_.enter(initializer);
    return walker::TraverseConstructorInitializer(initializer);
}

bool name_visitor::TraverseCXXForRangeStmt(CXXForRangeStmt* loop) {
    {
        const Frames::Scope entered = frames_.enter_head(loop);
        if (!TraverseStmt(loop->getInit()) || !TraverseDecl(loop->getLoopVariable())) return false;
        if (!TraverseStmt(loop->getRangeInit())) return false;
    }
    return TraverseStmt(loop->getBody());
}

bool name_visitor::VisitDeclaratorDecl(DeclaratorDecl* declared) { return declarators_.note(declared), true; }

bool name_visitor::VisitCXXThrowExpr(CXXThrowExpr* thrown) { return trail_.note_throw(thrown), true; }

// The same text may be compiled again, in another unit, another expansion or another instantiation, and mean legacy.
void name_visitor::note_other_meaning(const NamedDecl* meant, SourceLocation location) {
    if (!meant->getDeclName().isIdentifier() || !is_legacy_member(meant->getName())) return;
    const auto at = unit_.place_of(location);
    if (!at) return;
    std::set<place>& declared = unit_.found().other_meanings[*at];
    if (const auto where = unit_.place_of(meant->getLocation())) declared.insert(*where);
}

bool name_visitor::VisitDeclRefExpr(DeclRefExpr* use) {
    flow_.link(use->getDecl());
    const bool through_using = isa<UsingShadowDecl>(use->getFoundDecl());
    flow_.link_using(use->getFoundDecl());
    const legacy_name name = names_.legacy(use->getDecl());
    if (!name) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getDecl())) {
            trail_.note_call(function);
            note_opaque_call(function);
        }
        if (const auto* outer = dyn_cast<NamedDecl>(use->getDecl()); outer != nullptr && !isa<ParmVarDecl>(outer)) {
            const bool member = use->getDecl()->isCXXClassMember();
            const auto* enumerator = dyn_cast<EnumConstantDecl>(outer);
            if (enumerator == nullptr && !member) sink_.note_staying(outer, use->getLocation(), through_using);
        }
        note_other_meaning(use->getDecl(), use->getLocation());
        if (const auto at = unit_.place_of(use->getDecl()->getLocation())) {
            const auto variable = unit_.found().handler_variables.find(*at);
            const auto here_at = unit_.place_of(use->getLocation());
            if (variable != unit_.found().handler_variables.end() && here_at) variable->second.uses.insert(*here_at);
        }
        return true;
    }
    const auto group = sink_.site_at(use->getLocation(), name);
    if (!group) return true;
    if (frames_.innermost().asking_noexcept) sink_.refuse(*group, use->getLocation(), "probed-name");
    trail_.note_throwing_site(name, use->getDecl(), *group);
    const auto at = unit_.place_of(use->getLocation());
    if (name.spelled->takes_spans && !called_.contains(use)) {
        return sink_.refuse(*group, use->getLocation(), "address-taken"), true;
    }
    switch (name.spelled->kind) {
        case edit_kind::keep:
            break;
        case edit_kind::rename:
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using);
            break;
        case edit_kind::rename_scoped:
            if (!called_.contains(use)) return sink_.refuse(*group, use->getLocation(), "address-taken"), true;
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using, true);
            break;
        case edit_kind::handle_call:
            sink_.refuse(*group, use->getLocation(), "address-taken");
            break;
        default:
            // Calls of these are edited where the call is seen.
            if (!called_.contains(use)) sink_.refuse(*group, use->getLocation(), "address-taken");
    }
    return true;
}

bool name_visitor::VisitMemberExpr(MemberExpr* use) {
    flow_.link(use->getMemberDecl());
    const legacy_name name = names_.legacy(use->getMemberDecl());
    const auto at = unit_.place_of(use->getMemberLoc());
    if (!name) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getMemberDecl())) {
            trail_.note_call(function);
            note_opaque_call(function);
        }
        if (at) {
            if (const auto open = unit_.found().dependent.find(*at); open != unit_.found().dependent.end())
                open->second.insert("");
        }
        note_other_meaning(use->getMemberDecl(), use->getMemberLoc());
        return true;
    }
    if (!isa<CXXThisExpr>(use->getBase()->IgnoreParenImpCasts())) flow_.link_class(use->getBase()->getType());
    if (use->isImplicitAccess()) flow_.link_class(frames_.innermost().record);
    for (const std::string_view array : downloads_of(name)) {
        trail_.note_download(array);
    }
    const auto group = sink_.site_at(use->getMemberLoc(), name);
    if (!group) return true;
    if (frames_.innermost().asking_noexcept) sink_.refuse(*group, use->getMemberLoc(), "probed-name");
    trail_.note_throwing_site(name, use->getMemberDecl(), *group);
    const edit_kind kind = name.spelled->kind;
    if (kind == edit_kind::rename || kind == edit_kind::handle_call) {
        sink_.edit_name(*group, *at, name, past_hiding(use, name), true);
    }
    return true;
}

bool name_visitor::TraverseRequiresExpr(RequiresExpr* asked) {
    const Frames::Scope entered = frames_.enter_question(false);
    return walker::TraverseRequiresExpr(asked);
}

bool name_visitor::TraverseCXXNoexceptExpr(CXXNoexceptExpr* asked) {
    const Frames::Scope entered = frames_.enter_question(true);
    return walker::TraverseCXXNoexceptExpr(asked);
}

bool name_visitor::VisitOverloadExpr(OverloadExpr* use) {
    for (const NamedDecl* each : use->decls()) {
        const bool through_using = isa<UsingShadowDecl>(each);
        flow_.link_using(each);
        const legacy_name name = names_.legacy(each->getUnderlyingDecl());
        if (!name) continue;
        const auto group = sink_.site_at(use->getNameLoc(), name);
        if (group && name.spelled->kind == edit_kind::rename_scoped) {
            sink_.edit_name(*group, *unit_.place_of(use->getNameLoc()), name, name.spelled->replacement, through_using,
                            true);
        }
        break;
    }
    return true;
}

}  // namespace migrate
