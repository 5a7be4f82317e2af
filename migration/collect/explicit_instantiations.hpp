// SPDX-License-Identifier: Apache-2.0
// Explicit instantiations. Of a function: `template void fill<utils::DeviceBuffer<int>>(utils::DeviceBuffer<int>&);`.
// The syntax tree keeps what they make and nothing of what is written, so their words are read again and looked up; the
// second parse, which finds no function for a wrong one, stands behind that.
#pragma once

#include "clang/written_words.hpp"
#include "collect/type_names.hpp"

namespace migrate {

class ExplicitInstantiations : Concern {
  public:
    ExplicitInstantiations(WalkState& state, TypeNames& types) : Concern(state), frames_(state.frames), types_(types) {}

    void read(const clang::ClassTemplateSpecializationDecl* made);
    void note(const clang::FunctionDecl* made);
    // Of all that were noted, when the walk is done.
    void read_words();

  private:
    // `why`: a reason to leave all of it.
    void read_one(clang::FileID file, const std::vector<Word>& words,
                  const std::vector<const clang::FunctionDecl*>& made, std::string_view why);
    bool take_handle(const std::string& path, const std::vector<Word>& words, std::size_t at);

    Frames& frames_;
    TypeNames& types_;
    std::vector<const clang::FunctionDecl*> instantiated_;  // for legacy types
};

}  // namespace migrate
