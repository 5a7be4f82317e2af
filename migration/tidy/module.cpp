// SPDX-License-Identifier: Apache-2.0
// What clang-tidy finds when it loads the library: -load=libtriune_tidy.so -checks=triune-legacy
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#pragma GCC diagnostic pop

#include "tidy/legacy_check.hpp"

namespace {

class TriuneModule : public clang::tidy::ClangTidyModule {
  public:
    void addCheckFactories(clang::tidy::ClangTidyCheckFactories& factories) override {
        factories.registerCheck<migrate::LegacyCheck>("triune-legacy");
    }
};

const clang::tidy::ClangTidyModuleRegistry::Add<TriuneModule> registered("triune-module",
                                                                         "Legacy names that triune-migrate replaces.");

}  // namespace
