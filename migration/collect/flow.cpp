// SPDX-License-Identifier: Apache-2.0
// What changes together: frames of declarations and full expressions, links to declarations, and the call graph.
#include <algorithm>
#include <array>

#include "collect/name_visitor_scope.hpp"

namespace migrate {

using namespace clang;

groups::key name_visitor::key_of(const Decl* declaration) {
    // An alias template stands at its `using`, and the alias in it at its name.
    if (const auto* pattern = dyn_cast<TypeAliasTemplateDecl>(declaration)) declaration = pattern->getTemplatedDecl();
    // `auto& [a, b]` is one variable under two names.
    if (const auto* binding = dyn_cast<BindingDecl>(declaration);
        binding != nullptr && binding->getDecomposedDecl() != nullptr)
        declaration = binding->getDecomposedDecl();
    const SourceLocation location = sources_.getExpansionLoc(declaration->getLocation());
    const auto [file, offset] = sources_.getDecomposedLoc(location);
    return found_.together.of("D:" + kind_of(file).path + ":" + std::to_string(offset));
}

std::string name_visitor::call_key(const FunctionDecl* function) {
    if (const FunctionDecl* pattern = function->getTemplateInstantiationPattern()) function = pattern;
    const SourceLocation location = sources_.getExpansionLoc(function->getCanonicalDecl()->getLocation());
    const auto [file, offset] = sources_.getDecomposedLoc(location);
    if (!kind_of(file).project) return {};
    return kind_of(file).path + ":" + std::to_string(offset);
}

groups::key name_visitor::here() { return frames_.empty() ? found_.together.of("nowhere") : frames_.back().group; }

bool name_visitor::is_made_of_legacy(const CXXRecordDecl* record) {
    if (legacy(record)) return true;
    const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record);
    return made != nullptr && llvm::any_of(made->getTemplateArgs().asArray(), [&](const TemplateArgument& each) {
               return each.getKind() == TemplateArgument::Type && mentions_legacy(each.getAsType());
           });
}

bool name_visitor::mentions_legacy(QualType type) {
    if (type.isNull()) return false;
    const Type* canonical = type.getCanonicalType().getTypePtr();
    const auto [entry, fresh] = mentions_.try_emplace(canonical, false);
    if (!fresh) return entry->second;
    bool result = false;
    if (const auto* pointed = canonical->getAs<PointerType>()) {
        result = mentions_legacy(pointed->getPointeeType());
    } else if (const auto* referred = canonical->getAs<ReferenceType>()) {
        result = mentions_legacy(referred->getPointeeType());
    } else if (const auto* function = canonical->getAs<FunctionProtoType>()) {
        result = mentions_legacy(function->getReturnType());
        for (const QualType each : function->param_types()) result = result || mentions_legacy(each);
    } else if (const auto* elements = context_.getAsArrayType(QualType(canonical, 0))) {
        result = mentions_legacy(elements->getElementType());
    } else if (const auto* member = canonical->getAs<MemberPointerType>()) {
        // Of a class that depends on a parameter, Clang cannot say which it is.
        const auto* record = member->isDependentType() ? nullptr : member->getMostRecentCXXRecordDecl();
        result = mentions_legacy(member->getPointeeType()) || (record != nullptr && is_made_of_legacy(record));
    } else if (const auto* record = canonical->getAsCXXRecordDecl()) {
        result = is_made_of_legacy(record);
    } else if (const auto* dependent = canonical->getAs<TemplateSpecializationType>()) {
        if (const TemplateDecl* pattern = dependent->getTemplateName().getAsTemplateDecl()) {
            result = static_cast<bool>(legacy(pattern));
        }
        for (const TemplateArgument& each : dependent->template_arguments()) {
            if (each.getKind() == TemplateArgument::Type) result = result || mentions_legacy(each.getAsType());
        }
    }
    mentions_[canonical] = result;
    return result;
}

void name_visitor::link(const ValueDecl* declaration) {
    if (declaration == nullptr || legacy(declaration)) return;
    // A variable of a template whose type is not known yet may turn out to be anything.
    const QualType type = declaration->getType();
    const bool unknown = isa<VarDecl, BindingDecl>(declaration) && (type->isUndeducedType() || type->isDependentType());
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function != nullptr && is_made_elsewhere(function)) unite_with_template(here(), function);
    if (!unknown && !mentions_legacy(declaration->getType())) return;
    const SourceLocation location = sources_.getExpansionLoc(declaration->getLocation());
    if (location.isValid() && kind_of(sources_.getFileID(location)).project) {
        found_.together.unite(here(), key_of(declaration));
    }
}

void name_visitor::link_using(const NamedDecl* found) {
    const auto* shadow = dyn_cast_or_null<UsingShadowDecl>(found);
    if (shadow == nullptr || !legacy(shadow->getTargetDecl())) return;
    const auto* declared = dyn_cast<UsingDecl>(shadow->getIntroducer());
    if (declared != nullptr && declared->getLocation().isValid()) found_.together.unite(here(), key_of(declared));
}

void name_visitor::link_class(QualType type) {
    if (type.isNull()) return;
    while (type->isPointerType() || type->isReferenceType()) type = type->getPointeeType();
    link_class(type->getAsCXXRecordDecl());
}

void name_visitor::link_class(const CXXRecordDecl* record) {
    if (record == nullptr || legacy(record)) return;
    const SourceLocation location = sources_.getExpansionLoc(record->getLocation());
    if (location.isValid() && kind_of(sources_.getFileID(location)).project) {
        found_.together.unite(here(), key_of(record));
    }
}

// `make<utils::X>()` changes with the body that it instantiates, which need not say X in its type.
std::optional<groups::key> name_visitor::instantiation_key(const FunctionDecl* made) {
    const TemplateArgumentList* types = made == nullptr ? nullptr : made->getTemplateSpecializationArgs();
    const bool for_legacy = types != nullptr && llvm::any_of(types->asArray(), [&](const TemplateArgument& each) {
                                return each.getKind() == TemplateArgument::Type && mentions_legacy(each.getAsType());
                            });
    const std::string node = for_legacy ? call_key(made) : std::string();
    if (node.empty()) return std::nullopt;
    return found_.together.of("T:" + node);
}

bool name_visitor::TraverseDecl(Decl* declaration) {
    if (declaration == nullptr || broken_.holds(declaration)) return true;
    if (const auto* named = dyn_cast<NamedDecl>(declaration); named != nullptr && !broken_.empty() &&
                                                              named->getLocation().isValid() &&
                                                              broken_.mentions(named->getNameAsString())) {
        found_.together.block(key_of(named), "broken-declaration");
    }
    const auto group = [&] {
        return declaration->getLocation().isValid() ? key_of(declaration) : found_.together.of("nowhere");
    };
    if (auto* function = dyn_cast<FunctionDecl>(declaration)) {
        const bool flows = mentions_legacy(function->getType());
        const groups::key own = group();
        const groups::key outer_made = made_explicitly_;
        if (note_explicit_instantiation(function)) made_explicitly_ = own;
        if (flows) {
            if (const Decl* earlier = function->getPreviousDecl()) found_.together.unite(own, key_of(earlier));
            if (const auto* method = dyn_cast<CXXMethodDecl>(function)) {
                for (const CXXMethodDecl* each : method->overridden_methods()) found_.together.unite(own, key_of(each));
            }
        }
        const auto outer_calls = std::exchange(calling_, {});
        const std::string node = call_key(function);
        if (function->doesThisDeclarationHaveABody() && !node.empty()) {
            calling_ = {node};
            found_.calls[node];
            if (const auto* method = dyn_cast<CXXMethodDecl>(function)) {
                for (const CXXMethodDecl* each : method->overridden_methods()) {
                    if (const std::string base_node = call_key(each); !base_node.empty()) {
                        found_.calls[base_node].callees.insert(node);
                    }
                }
            }
        }
        const auto* method = dyn_cast<CXXMethodDecl>(function);
        if (method != nullptr) records_.push_back(method->getParent());
        const scope entered(*this, {own, false, flows ? own : -1});
        functions_.push_back(function);
        const bool result = walker::TraverseDecl(declaration);
        functions_.pop_back();
        if (method != nullptr) records_.pop_back();
        made_explicitly_ = outer_made;
        calling_ = outer_calls;
        return result;
    }
    if (auto* value = dyn_cast<DeclaratorDecl>(declaration)) {
        const groups::key own = group();
        const bool flows = mentions_legacy(value->getType());
        // A parameter's type is part of its function's; a range loop's variable has its range's type.
        const bool part = isa<ParmVarDecl>(value) || (!frames_.empty() && frames_.back().whole);
        if (flows && part) found_.together.unite(own, here());
        if (const auto* variable = dyn_cast<VarDecl>(value); variable != nullptr && variable->getPreviousDecl()) {
            found_.together.unite(own, key_of(variable->getPreviousDecl()));
        }
        const scope entered(*this, {own, true, -1});
        return walker::TraverseDecl(declaration);
    }
    if (auto* record = dyn_cast<CXXRecordDecl>(declaration)) {
        records_.push_back(record);
        const scope entered(*this, {group(), false, -1});
        const bool result = walker::TraverseDecl(declaration);
        records_.pop_back();
        return result;
    }
    if (isa<TypedefNameDecl, TypeAliasTemplateDecl, UsingDecl, FriendDecl, DecompositionDecl>(declaration)) {
        const scope entered(*this, {group(), true, -1});
        return walker::TraverseDecl(declaration);
    }
    return walker::TraverseDecl(declaration);
}

bool name_visitor::TraverseStmt(Stmt* statement) {
    if (statement == nullptr) return true;
    const auto fresh = [&] {
        const auto [file, offset] = sources_.getDecomposedLoc(sources_.getExpansionLoc(statement->getBeginLoc()));
        return found_.together.of("E:" + kind_of(file).path + ":" + std::to_string(offset));
    };
    const bool whole = !frames_.empty() && frames_.back().whole;
    if (isa<CompoundStmt>(statement) && whole) {
        // The body of a lambda: its statements are on their own, what it returns is not.
        const scope entered(*this, {frames_.back().group, false, frames_.back().group});
        return walker::TraverseStmt(statement);
    }
    if (isa<ReturnStmt>(statement)) {
        const groups::key returns = frames_.empty() ? -1 : frames_.back().returns;
        const scope entered(*this, {fresh(), true, -1});
        if (returns >= 0) found_.together.unite(frames_.back().group, returns);
        return walker::TraverseStmt(statement);
    }
    if (isa<Expr>(statement) && !whole) {
        const scope entered(*this, {fresh(), true, -1});
        return walker::TraverseStmt(statement);
    }
    return walker::TraverseStmt(statement);
}

bool name_visitor::TraverseConstructorInitializer(CXXCtorInitializer* initializer) {
    groups::key own = here();
    if (initializer->isMemberInitializer() && mentions_legacy(initializer->getMember()->getType())) {
        own = key_of(initializer->getMember());
    } else if (initializer->isBaseInitializer() && !records_.empty()) {
        own = key_of(records_.back());
    } else {
        const auto [file, offset] =
            sources_.getDecomposedLoc(sources_.getExpansionLoc(initializer->getSourceLocation()));
        own = found_.together.of("E:" + kind_of(file).path + ":" + std::to_string(offset));
    }
    const scope entered(*this, {own, true, -1});
    return walker::TraverseConstructorInitializer(initializer);
}

bool name_visitor::TraverseCXXForRangeStmt(CXXForRangeStmt* loop) {
    {
        const auto [file, offset] = sources_.getDecomposedLoc(sources_.getExpansionLoc(loop->getBeginLoc()));
        const scope entered(*this,
                            {found_.together.of("R:" + kind_of(file).path + ":" + std::to_string(offset)), true, -1});
        if (!TraverseStmt(loop->getInit()) || !TraverseDecl(loop->getLoopVariable())) return false;
        if (!TraverseStmt(loop->getRangeInit())) return false;
    }
    return TraverseStmt(loop->getBody());
}

void name_visitor::note_call(const FunctionDecl* callee) {
    if (const auto made = instantiation_key(callee)) found_.together.unite(here(), *made);
    // What the compiler writes itself calls members' constructors only; those are noted with the object made.
    const std::string node = callee->isImplicit() || callee->isDefaulted() ? std::string() : call_key(callee);
    const auto* method = dyn_cast<CXXMethodDecl>(callee);
    const bool object_call =
        method != nullptr && !callee->isImplicit() && callee->getDeclName().getCXXOverloadedOperator() == OO_Call;
    // What another thread threw, or what was thrown earlier, comes out here.
    const bool standard = method != nullptr ? method->getParent()->isInStdNamespace() : callee->isInStdNamespace();
    const bool carries =
        standard && callee->getDeclName().isIdentifier() &&
        (callee->getName() == "rethrow_exception" || callee->getName() == "rethrow_if_nested" ||
         (callee->getName() == "get" && method != nullptr && method->getParent()->getName().contains("future")));
    note_opaque_call(callee);
    const bool throws = is_error_name(callee) && callee->getDeclName().isIdentifier() &&
                        (callee->getName() == "check_error" || callee->getName() == "synchronize_device" ||
                         callee->getName() == "copy_from_host" || callee->getName() == "copy_to_host");
    for (const std::string& each : calling_) {
        call_node& caller = found_.calls[each];
        if (!node.empty()) caller.callees.insert(node);
        if ((object_call && call_key(callee).empty()) || carries) caller.calls_unknown = true;
        if (throws) caller.throws_legacy = true;
    }
}

void name_visitor::note_throwing_site(legacy_name name, const NamedDecl* declaration, groups::key group) {
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr) return;
    const auto* type = function->getType()->getAs<FunctionProtoType>();
    if (type != nullptr && type->canThrow() == CT_Cannot) return;
    // Module 2 never threw CudaException: its failures passed the handlers of it.
    constexpr std::array<std::string_view, 4> untyped = {
        "gpu::DynamicGpuBuffer", "gpu::DynamicGpuBuffer::ensure_capacity",
        "gpu::DynamicBufferManager::get_or_create_buffer", "gpu::DynamicBufferManager::resize_cell_buffers"};
    const bool passes = std::ranges::find(untyped, name.spelled->legacy) != untyped.end();
    if (name.from->module == "dynamic_buffer_manager" && !passes) return;
    for (const std::string& each : calling_) {
        call_node& caller = found_.calls[each];
        (passes ? caller.untyped : caller.throwing).insert(group);
    }
}

bool name_visitor::VisitCXXThrowExpr(CXXThrowExpr* thrown) {
    const Expr* value = thrown->getSubExpr();
    if (value == nullptr) return true;
    const auto* record = value->getType()->getAsCXXRecordDecl();
    if (record != nullptr && is_error_name(record) && record->getName() == "CudaException") {
        for (const std::string& each : calling_) found_.calls[each].throws_legacy = true;
    }
    return true;
}

}  // namespace migrate
