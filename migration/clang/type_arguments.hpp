// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

using TypeArguments = llvm::SmallVector<clang::QualType, 4>;

// The template arguments that are types, those of packs among them.
TypeArguments type_arguments(llvm::ArrayRef<clang::TemplateArgument> arguments);
// None of a null list.
TypeArguments type_arguments(const clang::TemplateArgumentList* list);
// Those of a class that a template made; none of every other type.
TypeArguments type_arguments(const clang::CXXRecordDecl* record);

}  // namespace migrate
