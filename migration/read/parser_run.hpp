// SPDX-License-Identifier: Apache-2.0
// One run of Clang over a unit, on the disk or with some files' text replaced.
#pragma once

#include "clang/clang_headers.hpp"
#include "facts/parse_error.hpp"
#include "project/compile_command.hpp"
#include "read/other_meanings.hpp"

namespace migrate {

// The path without links; as it is where there is no such file.
std::string real_path_of(llvm::StringRef path);

class ErrorCollector : public clang::DiagnosticConsumer {
  public:
    explicit ErrorCollector(const EditedFiles& edited) : edited_(edited) {}

    void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override;
    std::vector<ParseError> errors;

  private:
    void trace_back(const clang::Diagnostic& diagnostic);
    static void put_place(ParseError& error, const clang::Diagnostic& diagnostic);

    const EditedFiles& edited_;
    bool waiting_ = false;  // for the note that names an edited line
};

void run_parser(const UnitCommand& unit, const EditedFiles& edited, std::unique_ptr<clang::FrontendAction> action,
                ErrorCollector& errors);

}  // namespace migrate
