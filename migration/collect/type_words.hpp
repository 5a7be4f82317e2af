// SPDX-License-Identifier: Apache-2.0
// Types in words that stay the same when legacy classes get their new names, and in words that tell the old ones apart.
#pragma once

#include "collect/file_owners.hpp"

namespace migrate {

struct TypeWords {
    std::string normal;    // "Buffer<float>" for both classes that become one
    std::string original;  // "utils::ManagedDeviceBuffer<float>"
    bool library = false;  // a class of the library, old or new, is in it, or is its base
};

class TypeWriter {
  public:
    TypeWriter(clang::ASTContext& context, FileOwners& owners) : context_(context), owners_(owners) {}

    const TypeWords& of(clang::QualType type);
    TypeWords of(llvm::ArrayRef<clang::TemplateArgument> arguments);
    // Whether a class of the library is the type's part in any way, by value as a member too.
    bool holds_library(clang::QualType type);

  private:
    void write(const clang::CXXRecordDecl* record, TypeWords& into);
    void write(clang::QualType type, TypeWords& into);
    void add(const clang::TemplateArgument& argument, TypeWords& into);

    clang::ASTContext& context_;
    FileOwners& owners_;
    std::map<const void*, TypeWords> known_;
    std::map<const clang::CXXRecordDecl*, bool> holding_;
};

}  // namespace migrate
