// SPDX-License-Identifier: Apache-2.0
#include "report/doctor.hpp"

#include <array>
#include <string_view>

#include "report/report.hpp"

namespace migrate {
namespace {

struct Remedy {
    std::string_view said;  // part of what the parser said
    std::string_view advice;
};

constexpr auto remedies = std::to_array<Remedy>({
    {"cuda_runtime.h' file not found",
     "the CUDA toolkit is not where the parser looks; give --extra-arg=--cuda-path=DIR"},
    {"cannot find CUDA installation",
     "the CUDA toolkit is not where the parser looks; give --extra-arg=--cuda-path=DIR"},
    {"file not found",
     "a header is missing: build the project once, so that generated headers exist, or add its folder with "
     "--extra-arg=-IDIR"},
    {"o such file or directory",
     "the compilation database names a file that is not there: build once where it is generated, or configure the "
     "build again"},
    {"unknown argument", "the compiler's own flag is not known to Clang; it must go from the database's command line"},
    {"unsupported option",
     "the compiler's own flag is not known to Clang; it must go from the database's command line"},
    {"took longer", "give it more with --unit-timeout=SECONDS, or leave it out by naming other files"},
    {"crashed", "Clang itself fails on this unit; the others are not touched by it"},
    {"changed while", "run again when nothing writes to the sources"},
    {"unknown type name '__", "a built-in of the original compiler; define it with --extra-arg=-D..."},
});

std::string_view advice_for(const std::string& why) {
    for (const Remedy& each : remedies) {
        if (why.find(each.said) != std::string::npos) return each.advice;
    }
    return "Clang does not accept the code as it is written; the original compiler may be more lenient";
}

}  // namespace

std::string diagnose(const std::vector<ReadUnit>& units) {
    std::string text;
    std::size_t good = 0;
    for (const ReadUnit& each : units) {
        const std::string name = shown_path(each.listed->command.id);
        if (each.ended == ReadUnit::State::parsed) {
            ++good;
            text += "ok      " + name + "\n";
            continue;
        }
        text +=
            (each.ended == ReadUnit::State::partly ? "partly  " : "failed  ") + name + "\n        " + each.why + "\n";
        if (each.errors.size() > 1) text += "        and " + std::to_string(each.errors.size() - 1) + " more errors\n";
        text += "        " + std::string(advice_for(each.why)) + "\n";
    }
    return text + std::to_string(good) + " of " + std::to_string(units.size()) + " units parse\n";
}

}  // namespace migrate
