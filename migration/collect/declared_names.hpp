// SPDX-License-Identifier: Apache-2.0
// What the declarations and types of a unit are to the rules: legacy, made of what is legacy, or neither.
#pragma once

#include "collect/unit_context.hpp"

namespace migrate {

// The legacy classes whose making is edited.
inline constexpr std::string_view config_class = "gpu::BufferConfig";
inline constexpr std::string_view manager_class = "gpu::DynamicBufferManager";
inline constexpr std::string_view inner_class = "utils::DeviceBuffer";
inline constexpr std::string_view managed_class = "utils::ManagedDeviceBuffer";
inline constexpr std::string_view untyped_class = "gpu::DynamicGpuBuffer";

// As the rules spell it, without inline namespaces.
std::string qualified_name(const clang::NamedDecl* declaration);

class DeclaredNames {
  public:
    explicit DeclaredNames(UnitContext& unit) : unit_(unit) {}

    LegacyName legacy(const clang::NamedDecl* declaration);
    bool is_legacy_class(clang::QualType type, std::string_view qualified);
    bool is_error_name(const clang::NamedDecl* declaration);  // of the header of errors, which stays

    bool is_made_of_legacy(const clang::CXXRecordDecl* record);  // itself, or an argument of its template
    bool mentions_legacy(clang::QualType type);
    bool mentions_legacy(const clang::TemplateArgumentList* types);  // null is fine
    // In an instantiation: whether the type, or an argument of it, was written as a parameter of the project's
    // template.
    bool is_substituted(clang::QualType type);

    // Whether it is made from a template for legacy types, though its own type need not show them.
    bool is_specialised_for_legacy(const clang::FunctionDecl* function);
    // ... and another unit may hold its code, so that both change together.
    bool is_made_elsewhere(const clang::FunctionDecl* function);
    // Whether an explicit instantiation of its own made it, for legacy types.
    bool is_made_explicitly(const clang::FunctionDecl* function);

  private:
    bool find_legacy_in(const clang::Type* canonical);

    UnitContext& unit_;
    std::map<const clang::Type*, bool> mentions_;
};

}  // namespace migrate
