// SPDX-License-Identifier: Apache-2.0
// Device buffers inside managed ones that are replaced or taken away. The managed buffer keeps its name and its size
// then, which one class for both cannot do.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class InnerBuffers : Concern {
  public:
    explicit InnerBuffers(WalkState& state) : Concern(state) {}

    void read(const clang::CallExpr* call);

  private:
    // The as_device_buffer_mut() that the value comes from, by a variable or a function that only passes it on.
    const clang::CXXMemberCallExpr* origin_of(const clang::Expr* value, unsigned depth = 0);
    bool is_device_buffer(clang::QualType type);
    void note_replaced(const clang::Expr* target);
    void note_given(const std::string& kept, const clang::CXXMemberCallExpr* inner);

    static constexpr unsigned max_steps = 8;
};

}  // namespace migrate
