// SPDX-License-Identifier: Apache-2.0
// The walk, and which questions it asks.
#include "collect/meaning_visitor.hpp"

#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

MeaningVisitor::MeaningVisitor(ASTContext& context, const std::set<FileID>& inherited)
    : context_(context),
      sources_(context.getSourceManager()),
      owners_(sources_, inherited),
      words_(context, owners_),
      where_([](const std::string&, unsigned offset) { return offset; }),
      contexts_(1) {}

MeaningVisitor::MeaningVisitor(ASTContext& context, const std::set<FileID>& inherited, Unedited where,
                               const std::set<Place>& wanted)
    : MeaningVisitor(context, inherited) {
    where_ = std::move(where);
    wanted_ = &wanted;
}

void MeaningVisitor::read() {
    for (Decl* each : context_.getTranslationUnitDecl()->decls()) {
        // What is instantiated explicitly begins where that is written, and its name stands where the template does.
        const bool made = isa<ClassTemplateSpecializationDecl>(each);
        if (owners_.of(made ? each->getBeginLoc() : each->getLocation()) == FileOwner::program) TraverseDecl(each);
    }
}

std::vector<Meaning> MeaningVisitor::meanings() const {
    std::vector<Meaning> all;
    for (const auto& [key, each] : found_) all.push_back(each);
    return all;
}

std::map<std::string, TypeUses> MeaningVisitor::told_apart() const {
    std::map<std::string, TypeUses> all = told_apart_;
    for (const auto& [owner, kept, type] : kept_by_) {
        if (const auto named = named_by_.find(owner); named != named_by_.end())
            all[kept][type].insert(named->second.begin(), named->second.end());
    }
    return all;
}

bool MeaningVisitor::TraverseDecl(Decl* declaration) {
    if (declaration == nullptr || declaration->isInvalidDecl()) return true;
    if (!isa<FunctionDecl, ClassTemplateSpecializationDecl, VarTemplateSpecializationDecl>(declaration)) {
        return Base::TraverseDecl(declaration);
    }
    contexts_.push_back(context_of(declaration));
    const std::size_t mark = parts_.size();
    const bool result = Base::TraverseDecl(declaration);
    parts_.resize(std::min(mark, parts_.size()));
    contexts_.pop_back();
    return result;
}

bool MeaningVisitor::TraverseStmt(Stmt* statement) {
    if (statement == nullptr) return true;
    const std::size_t mark = parts_.size();
    if (!Base::TraverseStmt(statement)) return false;
    if (auto* expression = dyn_cast<Expr>(statement)) {
        note_expression(expression, mark);
        return true;
    }
    const auto* branch = dyn_cast<IfStmt>(statement);
    if (branch != nullptr && branch->isConstexpr() && !branch->getCond()->isValueDependent()) {
        bool taken = false;
        const bool known = branch->getCond()->EvaluateAsBooleanCondition(taken, context_);
        const std::string answer = taken ? "true" : "false";
        if (known && is_involved(false, mark)) note(branch->getIfLoc(), "the condition", {{}, answer, answer}, mark);
    }
    parts_.resize(mark);
    return true;
}

bool MeaningVisitor::TraverseLambdaExpr(LambdaExpr* lambda) {
    if (!Base::TraverseLambdaExpr(lambda)) return false;
    FunctionTemplateDecl* pattern = lambda->getCallOperator()->getDescribedFunctionTemplate();
    if (pattern == nullptr) return true;
    for (FunctionDecl* made : pattern->specializations()) {
        if (!TraverseDecl(made)) return false;
    }
    return true;
}

void MeaningVisitor::note_expression(Expr* expression, std::size_t mark) {
    if (expression->isValueDependent() || expression->containsErrors()) return;
    if (auto* named = dyn_cast<DeclRefExpr>(expression)) {
        note_name(named->getDecl(), named->getLocation());
        const auto* variable = dyn_cast<VarDecl>(named->getDecl());
        if (variable == nullptr) return;
        const auto* owner = dyn_cast<ClassTemplateSpecializationDecl>(variable->getDeclContext());
        const auto* made = dyn_cast<VarTemplateSpecializationDecl>(variable);
        if (owner == nullptr && made == nullptr) return;
        const auto& arguments = made != nullptr ? made->getTemplateArgs() : owner->getTemplateArgs();
        const VarDecl* pattern = variable->getTemplateInstantiationPattern();
        const bool involved =
            llvm::any_of(type_arguments(&arguments), [&](QualType each) { return words_.holds_library(each); });
        if (!is_involved(involved, mark)) return;
        note(named->getLocation(), "the variable",
             answer_of((pattern == nullptr ? variable : pattern)->getCanonicalDecl(), variable), mark);
        note_value(expression, involved, mark);
    } else if (auto* member = dyn_cast<MemberExpr>(expression)) {
        note_name(member->getMemberDecl(), member->getMemberLoc());
    } else if (auto* call = dyn_cast<CallExpr>(expression)) {
        const FunctionDecl* callee = call->getDirectCallee();
        if (callee == nullptr) return;
        const auto* operation = dyn_cast<CXXOperatorCallExpr>(call);
        const SourceLocation location = operation != nullptr ? operation->getOperatorLoc() : call->getExprLoc();
        bool involved = involves_library(callee);
        for (const Expr* each : call->arguments()) involved = involved || involves_library(each);
        note_call(callee, location, involved, mark);
        note_forgotten_type(callee, mark);
        if (isa<CXXConversionDecl>(callee) || operation != nullptr) note_value(expression, involved, mark);
    } else if (auto* made = dyn_cast<CXXConstructExpr>(expression)) {
        const CXXConstructorDecl* constructor = made->getConstructor();
        note_forgotten_type(constructor, mark);
        // Whether copies are left out is a matter of the standard that is asked for.
        if (made->isElidable() || constructor->isCopyOrMoveConstructor()) return;
        bool involved = involves_library(constructor);
        for (const Expr* each : made->arguments()) involved = involved || involves_library(each);
        note_call(constructor, made->getLocation(), involved, mark);
    } else if (auto* rewritten = dyn_cast<CXXRewrittenBinaryOperator>(expression)) {
        // `a != b` may have become `!(a == b)`.
        const auto* inner = dyn_cast<CallExpr>(rewritten->getDecomposedForm().InnerBinOp->IgnoreImplicit());
        if (inner != nullptr && inner->getDirectCallee() != nullptr)
            note_call(inner->getDirectCallee(), rewritten->getOperatorLoc(), true, mark);
    } else if (isa<TypeTraitExpr, CXXNoexceptExpr, RequiresExpr, ConceptSpecializationExpr>(expression)) {
        note_value(expression, false, mark);
    } else if (const auto* asked = dyn_cast<CXXTypeidExpr>(expression)) {
        const QualType type =
            asked->isTypeOperand() ? asked->getTypeOperand(context_) : asked->getExprOperand()->getType();
        note_kept_by_type("an object of a forgotten type", words_.of(type.getNonReferenceType().getUnqualifiedType()),
                          mark);
    }
}

bool MeaningVisitor::VisitTypeLoc(TypeLoc type) {
    SourceLocation location;
    const auto made = type.getAs<TemplateSpecializationTypeLoc>();
    if (made)
        location = made.getTemplateNameLoc();
    else if (const auto tag = type.getAs<TagTypeLoc>())
        location = tag.getNameLoc();
    else
        return true;
    const auto* record = type.getType()->getAsCXXRecordDecl();
    if (record != nullptr && owners_.of(record->getLocation()) == FileOwner::library)
        parts_.push_back(key_of(location, "S:"));
    if (made && !type.getType()->isDependentType()) {
        note_specialisations(type.getType(), location, 0);
        if (is_before() && record != nullptr && words_.of(type.getType()).library) {
            std::set<std::string>& keys = named_by_[record->getCanonicalDecl()];
            note_spelled(type, keys);
            keys.insert(contexts_.back().parts.begin(), contexts_.back().parts.end());
        }
    }
    return true;
}

bool MeaningVisitor::VisitFunctionDecl(FunctionDecl* function) {
    if (function->isImplicit() || function->isDependentContext()) return true;
    const TypeWords& type = words_.of(function->getType());
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    if (method != nullptr) {
        if (!type.library) return true;
        const std::size_t mark = parts_.size();
        parts_.push_back(key_of(function->getLocation(), "D:"));
        for (const CXXMethodDecl* each : method->overridden_methods())
            note(method->getLocation(), "the function overridden", answer_of(each->getCanonicalDecl(), each), mark);
        if (method->size_overridden_methods() == 0)
            note(method->getLocation(), "the function overridden", {{}, "none", "none"}, mark);
        parts_.resize(mark);
        return true;
    }
    remember_lookup(function);
    // The linker takes two functions for one, or one for another's.
    const bool plain = function->getTemplatedKind() == FunctionDecl::TK_NonTemplate;
    if (!is_before() || !type.library || !plain || !function->isExternallyVisible()) return true;
    const std::size_t mark = parts_.size();
    parts_.push_back(key_of(function->getLocation(), "D:"));
    note_kept_by_type("the function " + function->getQualifiedNameAsString(), type, mark);
    parts_.resize(mark);
    return true;
}

bool MeaningVisitor::VisitVarDecl(VarDecl* variable) {
    const MadeContext& made = contexts_.back();
    // A constant number in a class is a value, which others ask about.
    const bool number = variable->getType().isConstQualified() && variable->getType()->isScalarType();
    const bool kept = variable->isStaticLocal() || (variable->isStaticDataMember() && !number) ||
                      isa<VarTemplateSpecializationDecl>(variable);
    if (!is_before() || !kept || !made.arguments.library || variable->isConstexpr()) return true;
    // Its qualified name would have the types in it.
    const std::string what = "the variable " + variable->getNameAsString() + shown_place(variable);
    note_kept_by_type(what, made.arguments, parts_.size());
    for (const DeclContext* each = variable->getDeclContext(); each != nullptr; each = each->getParent()) {
        if (const auto* owner = dyn_cast<ClassTemplateSpecializationDecl>(each))
            kept_by_.emplace_back(owner->getCanonicalDecl(), what + " for " + made.arguments.normal,
                                  made.arguments.original);
    }
    return true;
}

}  // namespace migrate

template class clang::RecursiveASTVisitor<migrate::MeaningVisitor>;
