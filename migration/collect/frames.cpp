// SPDX-License-Identifier: Apache-2.0
#include "collect/frames.hpp"

namespace migrate {

using namespace clang;

Frames::Scope::Scope(Frames& frames, const std::optional<Frame>& entered)
    : frames_(frames), entered_(entered.has_value()) {
    if (entered_) frames_.frames_.push_back(*entered);
}

Frames::Scope::~Scope() {
    if (entered_) frames_.frames_.pop_back();
}

Groups::Key Frames::here() const {
    return innermost().group < 0 ? unit_.found().together.of("nowhere") : innermost().group;
}

std::vector<FunctionDecl*> Frames::functions() const {
    std::vector<FunctionDecl*> found;
    for (const Frame& each : frames_) {
        const bool known = each.function == nullptr || (!found.empty() && found.back() == each.function);
        if (!known) found.push_back(each.function);
    }
    return found;
}

Frames::Frame Frames::framed(Groups::Key group, bool whole, Groups::Key returns) const {
    Frame inner = innermost();
    inner.group = group;
    inner.whole = whole;
    inner.returns = returns;
    return inner;
}

std::optional<Frames::Frame> Frames::frame_of(Decl* declaration) {
    const auto own = [&] {
        return declaration->getLocation().isValid() ? keys_.of(declaration) : unit_.found().together.of("nowhere");
    };
    if (auto* function = dyn_cast<FunctionDecl>(declaration)) return frame_of_function(function, own());
    if (const auto* declared = dyn_cast<DeclaratorDecl>(declaration)) return frame_of_declarator(declared, own());
    if (const auto* record = dyn_cast<CXXRecordDecl>(declaration)) {
        Frame inner = framed(own(), false);
        inner.record = record;
        return inner;
    }
    if (isa<TypedefNameDecl, TypeAliasTemplateDecl, UsingDecl, FriendDecl>(declaration)) return framed(own(), true);
    return std::nullopt;
}

Frames::Frame Frames::frame_of_function(FunctionDecl* function, Groups::Key own) {
    const bool flows = names_.mentions_legacy(function->getType());
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    if (flows) {
        Groups& together = unit_.found().together;
        if (const Decl* earlier = function->getPreviousDecl()) together.unite(own, keys_.of(earlier));
        keys_.note_linked(function, own);
        if (method != nullptr) {
            for (const CXXMethodDecl* each : method->overridden_methods()) together.unite(own, keys_.of(each));
        }
    }
    Frame inner = framed(own, false, flows ? own : -1);
    inner.function = function;
    if (method != nullptr) inner.record = method->getParent();
    if (names_.is_made_explicitly(function)) inner.made_explicitly = own;
    return inner;
}

Frames::Frame Frames::frame_of_declarator(const DeclaratorDecl* declared, Groups::Key own) {
    Groups& together = unit_.found().together;
    // A parameter's type is part of its function's; a range loop's variable has its range's type.
    const bool part = isa<ParmVarDecl>(declared) || innermost().whole;
    const bool flows = names_.mentions_legacy(declared->getType());
    if (flows && part) together.unite(own, here());
    if (const auto* variable = dyn_cast<VarDecl>(declared)) {
        if (const Decl* earlier = variable->getPreviousDecl()) together.unite(own, keys_.of(earlier));
        if (flows) keys_.note_linked(variable, own);
    }
    return framed(own, true);
}

std::optional<Frames::Frame> Frames::frame_of(const Stmt* statement) {
    const Frame& outer = innermost();
    // The body of a lambda: its statements are on their own, what it returns is not.
    if (isa<CompoundStmt>(statement) && outer.whole) return framed(outer.group, false, outer.group);
    const bool leaves = isa<ReturnStmt>(statement);
    if (!leaves && (outer.whole || !isa<Expr>(statement))) return std::nullopt;
    const Groups::Key own = keys_.at("E", statement->getBeginLoc());
    if (leaves && outer.returns >= 0) unit_.found().together.unite(own, outer.returns);
    return framed(own, true);
}

Frames::Scope Frames::enter(const CXXCtorInitializer* initializer) {
    if (initializer->isMemberInitializer() && names_.mentions_legacy(initializer->getMember()->getType()))
        return {*this, framed(keys_.of(initializer->getMember()), true)};
    if (initializer->isBaseInitializer() && innermost().record != nullptr)
        return {*this, framed(keys_.of(innermost().record), true)};
    return {*this, framed(keys_.at("E", initializer->getSourceLocation()), true)};
}

Frames::Scope Frames::enter_head(const CXXForRangeStmt* loop) {
    return {*this, framed(keys_.at("R", loop->getBeginLoc()), true)};
}

Frames::Scope Frames::enter_instance(FunctionDecl* made) {
    const Groups::Key own = keys_.of(made);
    const bool flows = names_.mentions_legacy(made->getType());
    if (flows) unit_.found().together.unite(own, here());
    return {*this, framed(own, false, flows ? own : -1)};
}

Frames::Scope Frames::enter_question(bool asks_noexcept) {
    Frame inner = innermost();
    inner.probing = true;
    inner.asking_noexcept = inner.asking_noexcept || asks_noexcept;
    return {*this, inner};
}

}  // namespace migrate
