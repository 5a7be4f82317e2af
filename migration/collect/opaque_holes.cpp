// SPDX-License-Identifier: Apache-2.0
#include "collect/opaque_holes.hpp"

#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

void OpaqueHoles::unite(QualType type) {
    type = type.getNonReferenceType().getCanonicalType();
    while (type->isPointerType()) type = type->getPointeeType().getCanonicalType();
    unit_.found().together.unite(flow_.here(),
                                 unit_.found().together.of("O:" + type.getUnqualifiedType().getAsString()));
}

void OpaqueHoles::read(const CastExpr* cast) {
    const CastKind kind = cast->getCastKind();
    if (kind == CK_DerivedToBase || kind == CK_UncheckedDerivedToBase || kind == CK_BaseToDerived ||
        kind == CK_Dynamic) {
        if (names_.mentions_legacy(cast->getType())) flow_.link_class(cast->getSubExpr()->getType());
        if (names_.mentions_legacy(cast->getSubExpr()->getType())) flow_.link_class(cast->getType());
    }
    // Through void* and whatever else names no type. Who casts back has to name what was put in.
    const bool opaque =
        kind == CK_BitCast || kind == CK_LValueBitCast || kind == CK_PointerToIntegral || kind == CK_IntegralToPointer;
    if (opaque && !cast->getType()->isDependentType() && !cast->getSubExpr()->getType()->isDependentType()) {
        const bool from = names_.mentions_legacy(cast->getSubExpr()->getType());
        const bool to = names_.mentions_legacy(cast->getType());
        if (from) unite(cast->getSubExpr()->getType());
        if (to) unite(cast->getType());
    }
}

// What a function takes by `...`, and what it takes out of that.
void OpaqueHoles::read(const CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr || !function->isVariadic() || isa<CXXOperatorCallExpr>(call)) return;
    for (unsigned each = function->getNumParams(); each < call->getNumArgs(); ++each) {
        if (names_.mentions_legacy(call->getArg(each)->getType())) unite(call->getArg(each)->getType());
    }
}

void OpaqueHoles::read(const VAArgExpr* taken) {
    if (names_.mentions_legacy(taken->getType())) unite(taken->getType());
}

// What is put in as one member of a union comes out as another.
void OpaqueHoles::read(const FieldDecl* field) {
    if (field->getParent()->isUnion() && names_.mentions_legacy(field->getType())) unite(field->getType());
}

// std::any and shared_ptr<void> take any type, and functions beside them name it again.
void OpaqueHoles::read_call(const FunctionDecl* callee) {
    const auto* member = dyn_cast<CXXMethodDecl>(callee);
    const auto unite_all = [&](const TemplateArgumentList* types) {
        for (const QualType each : type_arguments(types)) {
            if (names_.mentions_legacy(each)) unite(each);
        }
    };
    const bool standard = member != nullptr ? member->getParent()->isInStdNamespace() : callee->isInStdNamespace();
    // What another library does with a type, nobody sees.
    if (!standard && !unit_.is_project(callee->getLocation())) unite_all(callee->getTemplateSpecializationArgs());
    if (!standard) return;
    const auto* constructor = dyn_cast<CXXConstructorDecl>(callee);
    const auto* made =
        constructor == nullptr ? nullptr : dyn_cast<ClassTemplateSpecializationDecl>(constructor->getParent());
    bool forgets = false;
    if (constructor != nullptr) {
        const bool to_void = made != nullptr && made->getName() == "shared_ptr" && made->getTemplateArgs().size() > 0 &&
                             made->getTemplateArgs()[0].getAsType()->isVoidType();
        forgets = to_void || constructor->getParent()->getName() == "any";
    } else if (callee->getDeclName().isIdentifier()) {
        const llvm::StringRef name = callee->getName();
        forgets = name == "any_cast" || name == "make_any" || name == "static_pointer_cast" ||
                  name == "reinterpret_pointer_cast" || name == "emplace";
        if (name == "emplace") forgets = member != nullptr && member->getParent()->getName() == "any";
    }
    if (forgets) unite_all(callee->getTemplateSpecializationArgs());
}

}  // namespace migrate
