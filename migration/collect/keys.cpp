// SPDX-License-Identifier: Apache-2.0
#include "collect/keys.hpp"

namespace migrate {

using namespace clang;

Groups::Key Keys::of(const Decl* declaration) {
    // An alias template stands at its `using`, and the alias in it at its name.
    if (const auto* pattern = dyn_cast<TypeAliasTemplateDecl>(declaration)) declaration = pattern->getTemplatedDecl();
    // `auto& [a, b]` is one variable under two names.
    if (const auto* binding = dyn_cast<BindingDecl>(declaration);
        binding != nullptr && binding->getDecomposedDecl() != nullptr)
        declaration = binding->getDecomposedDecl();
    return at("D", declaration->getLocation());
}

Groups::Key Keys::at(const std::string& kind, SourceLocation location) {
    const SourceManager& sources = unit_.sources();
    const auto [file, offset] = sources.getDecomposedLoc(sources.getExpansionLoc(location));
    return unit_.found().together.of(kind + ":" + unit_.kind_of(file).path + ":" + std::to_string(offset));
}

void Keys::note_linked(const ValueDecl* declaration, Groups::Key own) {
    const DeclContext* scope = declaration->getDeclContext()->getRedeclContext();
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (!scope->isFileContext() || !declaration->isExternallyVisible() || (function != nullptr && function->isMain()))
        return;
    std::string name = declaration->getQualifiedNameAsString();
    if (function != nullptr && !function->isExternC()) name += function->getType().getCanonicalType().getAsString();
    const auto* variable = dyn_cast<VarDecl>(declaration);
    const bool defined = function != nullptr
                             ? function->isDefined()
                             : variable != nullptr && variable->hasDefinition() != VarDecl::DeclarationOnly;
    LinkedName& linked = unit_.found().linked[name];
    (defined ? linked.definitions : linked.declarations).insert(own);
}

std::string Keys::of_call(const FunctionDecl* function) {
    if (const FunctionDecl* pattern = function->getTemplateInstantiationPattern()) function = pattern;
    const SourceManager& sources = unit_.sources();
    const SourceLocation location = sources.getExpansionLoc(function->getCanonicalDecl()->getLocation());
    const auto [file, offset] = sources.getDecomposedLoc(location);
    const FileKind& kind = unit_.kind_of(file);
    return kind.project ? kind.path + ":" + std::to_string(offset) : std::string();
}

// `make<utils::X>()` changes with the body that it instantiates, which need not say X in its type.
std::optional<Groups::Key> Keys::of_instantiation(const FunctionDecl* made) {
    const bool for_legacy = made != nullptr && names_.mentions_legacy(made->getTemplateSpecializationArgs());
    const std::string node = for_legacy ? of_call(made) : std::string();
    if (node.empty()) return std::nullopt;
    return unit_.found().together.of("T:" + node);
}

}  // namespace migrate
