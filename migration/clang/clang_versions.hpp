// SPDX-License-Identifier: Apache-2.0
// What differs between the versions of Clang that this builds with, 19 to 22: nothing else asks for the version.
#pragma once

#include <clang/AST/ExprCXX.h>
#include <clang/AST/TypeLoc.h>
#include <clang/Basic/Version.h>
#if CLANG_VERSION_MAJOR < 22
#include <clang/Driver/Options.h>
#else
#include <clang/Options/Options.h>
#endif

namespace migrate {

#if CLANG_VERSION_MAJOR < 22

using clang::driver::getDriverOptTable;
namespace driver_options = clang::driver::options;

// The type as it is named, without `struct` and the scopes before it.
inline clang::TypeLoc named_type(clang::TypeLoc written) {
    const auto outer = written.getAs<clang::ElaboratedTypeLoc>();
    return outer ? outer.getNamedTypeLoc() : written;
}

inline clang::UsingShadowDecl* found_through(clang::UsingTypeLoc written) { return written.getFoundDecl(); }

// The type whose member is named; null where it is a namespace's or nobody's.
inline const clang::Type* qualifying_type(const clang::DependentScopeDeclRefExpr* use) {
    const clang::NestedNameSpecifier* qualifier = use->getQualifier();
    return qualifier == nullptr ? nullptr : qualifier->getAsType();
}

// The type that a class declares.
inline clang::QualType record_type(const clang::ASTContext& context, const clang::RecordDecl* record) {
    return context.getRecordType(record);
}

#else

using clang::getDriverOptTable;
namespace driver_options = clang::options;

// Here a name's scopes are part of its own type.
inline clang::TypeLoc named_type(clang::TypeLoc written) { return written; }

inline clang::UsingShadowDecl* found_through(clang::UsingTypeLoc written) { return written.getDecl(); }

inline const clang::Type* qualifying_type(const clang::DependentScopeDeclRefExpr* use) {
    const clang::NestedNameSpecifier qualifier = use->getQualifier();
    return qualifier.getKind() == clang::NestedNameSpecifier::Kind::Type ? qualifier.getAsType() : nullptr;
}

inline clang::QualType record_type(const clang::ASTContext& context, const clang::RecordDecl* record) {
    return context.getCanonicalTagType(record);
}

#endif

}  // namespace migrate
