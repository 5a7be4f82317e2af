// SPDX-License-Identifier: Apache-2.0
// The bodies whose calls are being read: a function's, and those of the try statements in it. What is noted here is
// true of each of them in the call graph.
#pragma once

#include "collect/frames.hpp"

namespace migrate {

class CallTrail {
  public:
    // Returns to the bodies outside.
    class Scope {
      public:
        Scope(CallTrail& trail, std::vector<std::string> inside);
        ~Scope() { trail_.calling_ = std::move(outside_); }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        CallTrail& trail_;
        std::vector<std::string> outside_;
    };

    CallTrail(UnitContext& unit, DeclaredNames& names, Keys& keys, Frames& frames)
        : unit_(unit), names_(names), keys_(keys), frames_(frames) {}

    [[nodiscard]] Scope enter(const clang::FunctionDecl* function);
    // A try statement's body under its key; an empty one is none.
    [[nodiscard]] Scope enter_try(const std::string& body);
    std::string function() const { return calling_.empty() ? std::string() : calling_.front(); }

    void note_call(const clang::FunctionDecl* callee);
    void note_unknown_call();
    void note_legacy_throw();
    void note_throw(const clang::CXXThrowExpr* thrown);
    void note_download(std::string_view array);
    // A use of a legacy name that can throw CudaException, or what else module 2 threw.
    void note_throwing_site(LegacyName name, const clang::NamedDecl* declaration, Groups::Key group);
    // Objects of the project with legacy members, whose constructors can throw.
    void note_made_members(const clang::CXXRecordDecl* record);

  private:
    void note_throwing(Groups::Key group, bool untyped);

    UnitContext& unit_;
    DeclaredNames& names_;
    Keys& keys_;
    Frames& frames_;
    std::vector<std::string> calling_;  // nodes of the call graph
};

}  // namespace migrate
