// SPDX-License-Identifier: Apache-2.0
#include "collect/view_candidates.hpp"

#include "clang/view_uses.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

// The statements behind the variable's declaration, to the end of its block; none where it stands elsewhere.
class BlockFinder : public RecursiveASTVisitor<BlockFinder> {
  public:
    explicit BlockFinder(const VarDecl* variable) : variable_(variable) {}

    bool VisitCompoundStmt(CompoundStmt* block) {
        const auto declares = [&](const Stmt* each) {
            const auto* statement = dyn_cast<DeclStmt>(each);
            return statement != nullptr && statement->isSingleDecl() && statement->getSingleDecl() == variable_;
        };
        const auto found = std::find_if(block->body_begin(), block->body_end(), declares);
        if (found == block->body_end()) return true;
        rest = {found + 1, block->body_end()};
        known = true;
        return false;
    }

    std::span<Stmt* const> rest;
    bool known = false;

  private:
    const VarDecl* variable_;
};

}  // namespace

void ViewCandidates::read(const VarDecl* variable) {
    if (!unit_.asked().zero_copy || !variable->hasInit() || !variable->hasLocalStorage() || isa<ParmVarDecl>(variable))
        return;
    const auto* call = dyn_cast<CXXMemberCallExpr>(variable->getInit()->IgnoreUnlessSpelledInSource());
    const CXXMethodDecl* method = call == nullptr ? nullptr : call->getMethodDecl();
    const LegacyName name = method == nullptr ? LegacyName{} : names_.legacy(method);
    if (!name || name.spelled->kind != EditKind::append) return;
    const auto at = unit_.file_place_of(cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts())->getMemberLoc());
    if (!at) return;
    KeptCopies& copies = unit_.found().copies[*at];
    copies.array = downloads_of(name).front();
    const auto refuse_copies = [&](std::string_view note) {
        if (copies.refusal.empty()) copies.refusal = note;
    };
    const auto* function = dyn_cast<FunctionDecl>(variable->getDeclContext());
    if (function == nullptr || !function->hasBody()) return refuse_copies("copy-not-kept");
    if (function->isTemplateInstantiation() || function->isDependentContext()) return refuse_copies("copy-unresolved");
    TypeLoc type = variable->getTypeSourceInfo()->getTypeLoc();
    if (const auto referred = type.getAs<ReferenceTypeLoc>()) type = referred.getPointeeLoc();
    type = type.getUnqualifiedLoc();
    if (type.getAs<AutoTypeLoc>().isNull()) {
        const auto last = unit_.file_place_of(type.getEndLoc());
        const auto* alias = type.getType()->getAs<TypedefType>();
        if (!last || alias == nullptr || !names_.legacy(alias->getDecl())) return refuse_copies("copy-not-kept");
        copies.type = {last->file, last->offset, identifier_end(unit_.text_of(last->file), last->offset)};
    }
    BlockFinder block(variable);
    block.TraverseStmt(function->getBody());
    if (!block.known) return refuse_copies("copy-not-kept");
    const ViewQuestions ask{[this](const NamedDecl* each) { return names_.legacy(each); },
                            [this](const FunctionDecl* each) { return keys_.of_call(each); },
                            [this](SourceRange each) { return unit_.file_range_of(each); }};
    const ViewUses uses = study_uses(variable, copies.array, block.rest, ask);
    if (!uses.refusal.empty()) return refuse_copies(uses.refusal);
    copies.rest = "view:" + at->file + ":" + std::to_string(at->offset);
    unit_.found().calls[copies.rest].callees.insert(uses.callees.begin(), uses.callees.end());
    copies.views = uses.edits;
}

void ViewCandidates::note_copying(const Place& at, LegacyName name, unsigned call_end) {
    if (!unit_.asked().zero_copy) return;
    KeptCopies& copies = unit_.found().copies[at];
    copies.copying = {at.file, call_end, 0, "." + std::string(name.spelled->suffix)};
    // Variables are studied before what they are made from, so this result is in none.
    if (copies.array.empty() && copies.refusal.empty()) copies.refusal = "copy-not-kept";
}

void ViewCandidates::note_blocking(const Place& at, LegacyName name) {
    if (unit_.asked().zero_copy && name.from->module == "unified_gpu_compute")
        unit_.found().copies[at].refusal = "copy-blocking";
}

}  // namespace migrate
