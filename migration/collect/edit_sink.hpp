// SPDX-License-Identifier: Apache-2.0
// Where edits and refusals go, and the sites that they are of.
#pragma once

#include "collect/frames.hpp"

namespace migrate {

class EditSink {
  public:
    EditSink(UnitContext& unit, DeclaredNames& names, Keys& keys, Frames& frames)
        : unit_(unit), names_(names), keys_(keys), frames_(frames) {}

    // The group of the site at `location`, linked to where it stands; nothing where no edit may be made there.
    std::optional<Groups::Key> site_at(clang::SourceLocation location, LegacyName name, std::string_view reason = {});
    void put(Groups::Key group, const std::string& file, unsigned begin, unsigned end, std::string text, int order = 0);
    void edit_name(Groups::Key group, const Place& at, LegacyName name, std::string_view replacement,
                   bool through_using, bool always_scoped = false);
    void refuse(Groups::Key group, clang::SourceLocation location, std::string_view reason);
    // A use of a name that stays.
    void note_staying(const clang::NamedDecl* declaration, clang::SourceLocation location, bool through_using);

    // Namespaces of the legacy API, and their aliases.
    bool is_legacy_scope(const std::string& name) const { return scopes_.contains(name); }
    void add_alias(const std::string& name) { scopes_.insert(name); }

  private:
    // As put, of a class's name: `replacement`, or its transition type, with its namespace.
    void put_type(Groups::Key group, const std::string& file, unsigned begin, unsigned end,
                  const std::string& replacement, LegacyName name);

    UnitContext& unit_;
    DeclaredNames& names_;
    Keys& keys_;
    Frames& frames_;
    std::set<std::string> scopes_ = {"utils", "gpu"};
};

}  // namespace migrate
