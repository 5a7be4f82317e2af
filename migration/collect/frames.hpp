// SPDX-License-Identifier: Apache-2.0
// Where the walk stands: in which declaration or full expression, and in what around that. What stands in one frame
// changes together.
#pragma once

#include "collect/keys.hpp"

namespace migrate {

class Frames {
  public:
    struct Frame {
        Groups::Key group = -1;
        bool whole = false;        // expressions inside belong to it
        Groups::Key returns = -1;  // what a return statement changes with, or -1
        // What is around it, which a frame takes over from the one it stands in.
        clang::FunctionDecl* function = nullptr;
        const clang::CXXRecordDecl* record = nullptr;
        Groups::Key made_explicitly = -1;  // the instantiation whose code is being read, or -1
        bool probing = false;              // asked only whether it is valid
        bool asking_noexcept = false;      // or whether it may throw, which the new name may answer otherwise
    };

    // Leaves what was entered, where anything was.
    class Scope {
      public:
        Scope(Frames& frames, const std::optional<Frame>& entered);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        Frames& frames_;
        const bool entered_;
    };

    Frames(UnitContext& unit, DeclaredNames& names, Keys& keys) : unit_(unit), names_(names), keys_(keys) {}

    [[nodiscard]] Scope enter(clang::Decl* declaration) { return {*this, frame_of(declaration)}; }
    [[nodiscard]] Scope enter(const clang::Stmt* statement) { return {*this, frame_of(statement)}; }
    [[nodiscard]] Scope enter(const clang::CXXCtorInitializer* initializer);
    // The loop but for its body.
    [[nodiscard]] Scope enter_head(const clang::CXXForRangeStmt* loop);
    // What a generic lambda was instantiated for, which is no declaration that the walk comes by.
    [[nodiscard]] Scope enter_instance(clang::FunctionDecl* made);
    [[nodiscard]] Scope enter_words(Groups::Key own) { return {*this, framed(own, true)}; }
    // An operand that is never evaluated.
    [[nodiscard]] Scope enter_question(bool asks_noexcept);

    Groups::Key here() const;
    const Frame& innermost() const { return frames_.empty() ? outside_ : frames_.back(); }
    std::vector<clang::FunctionDecl*> functions() const;  // around here, the innermost last

  private:
    Frame framed(Groups::Key group, bool whole, Groups::Key returns = -1) const;
    std::optional<Frame> frame_of(clang::Decl* declaration);
    std::optional<Frame> frame_of(const clang::Stmt* statement);
    Frame frame_of_function(clang::FunctionDecl* function, Groups::Key own);
    Frame frame_of_declarator(const clang::DeclaratorDecl* declared, Groups::Key own);

    UnitContext& unit_;
    DeclaredNames& names_;
    Keys& keys_;
    const Frame outside_ = {};
    std::vector<Frame> frames_;
};

}  // namespace migrate
