// SPDX-License-Identifier: Apache-2.0
#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

TypeArguments type_arguments(llvm::ArrayRef<TemplateArgument> arguments) {
    TypeArguments result;
    for (const TemplateArgument& each : arguments) {
        if (each.getKind() == TemplateArgument::Type) result.push_back(each.getAsType());
        if (each.getKind() == TemplateArgument::Pack) llvm::append_range(result, type_arguments(each.pack_elements()));
    }
    return result;
}

TypeArguments type_arguments(const TemplateArgumentList* list) {
    return list == nullptr ? TypeArguments() : type_arguments(list->asArray());
}

TypeArguments type_arguments(const CXXRecordDecl* record) {
    const auto* made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
    return made == nullptr ? TypeArguments() : type_arguments(&made->getTemplateArgs());
}

}  // namespace migrate
