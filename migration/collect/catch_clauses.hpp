// SPDX-License-Identifier: Apache-2.0
// Handlers of CudaException: where they stand, what they read, and which calls lie under them.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class CatchClauses : Concern {
  public:
    // The walk of a handler that has been read.
    class Scope {
      public:
        Scope(CatchClauses& clauses, const std::string& try_body) : clauses_(clauses) {
            clauses_.handling_.push_back(try_body);
        }
        ~Scope() { clauses_.handling_.pop_back(); }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        CatchClauses& clauses_;
    };

    explicit CatchClauses(WalkState& state) : Concern(state), trail_(state.trail) {}

    // Of a try statement's body in the call graph; empty inside a macro of somebody else's.
    std::string key_of(const clang::CXXTryStmt* block);
    [[nodiscard]] Scope enter(const clang::CXXTryStmt* block, unsigned index, const std::string& try_body) {
        read_handler(block, index, try_body);
        return {*this, try_body};
    }
    void read(const clang::CXXDynamicCastExpr* cast);
    void read(const clang::CXXTypeidExpr* asked);

  private:
    void note_asked_error(clang::QualType type);
    void read_handler_of_macro(const clang::CXXCatchStmt* handler, clang::SourceLocation type,
                               const std::string& try_body, bool is_new);
    bool edit_code(const clang::MemberExpr* each, const std::string& qualifier, CatchClause& clause);
    void read_handler(const clang::CXXTryStmt* block, unsigned index, const std::string& try_body);

    CallTrail& trail_;
    std::vector<std::string> handling_;  // try bodies whose handlers are being walked
};

}  // namespace migrate
