// SPDX-License-Identifier: Apache-2.0
#include "project/nvcc_flags.hpp"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>

#include <map>

#include "project/flags.hpp"

namespace migrate {
namespace {

// Flags of nvcc that take a value of their own and mean nothing to the host side of a parse.
bool is_nvcc_with_value(std::string_view flag) {
    return is_any(flag, {"-gencode",
                         "--generate-code",
                         "-arch",
                         "--gpu-architecture",
                         "-code",
                         "-ccbin",
                         "--compiler-bindir",
                         "-Xptxas",
                         "--ptxas-options",
                         "-maxrregcount",
                         "--maxrregcount",
                         "-diag-suppress",
                         "-Xcudafe",
                         "--options-file",
                         "-optf",
                         "-Xnvlink",
                         "-Xlinker",
                         "-rdc",
                         "-threads",
                         "-t",
                         "--threads",
                         "--relocatable-device-code",
                         "-cudart",
                         "--cudart",
                         "--default-stream",
                         "-default-stream",
                         "-Xfatbin",
                         "-Xarchive",
                         "--diag-suppress",
                         "--diag-error",
                         "-diag-error",
                         "--diag-warn",
                         "-diag-warn"});
}

}  // namespace

// nvcc's own spellings of what every compiler has, and the response files that CMake hands it, as Clang takes them.
std::vector<std::string> translate_nvcc(const std::vector<std::string>& given, const std::string& directory,
                                        unsigned depth) {
    std::vector<std::string> result;
    const auto host = [&](llvm::StringRef list) {
        llvm::SmallVector<llvm::StringRef> each;
        list.split(each, ',');
        for (const llvm::StringRef flag : each) {
            if (flag.starts_with("-")) result.push_back(flag.str());
        }
    };
    const std::map<std::string_view, std::string> renamed = {
        {"--include-path", "-I"},   {"--system-include", "-isystem"},
        {"-isystem", "-isystem"},   {"--define-macro", "-D"},
        {"--undefine-macro", "-U"}, {"--pre-include", "-include"},
        {"-std", "-std"},           {"--std", "-std"}};
    for (std::size_t at = 0; at < given.size(); ++at) {
        const auto equals = given[at].find('=');
        const std::string name = given[at].substr(0, equals);
        const bool has_value = equals != std::string::npos || at + 1 < given.size();
        const auto value = [&] { return equals != std::string::npos ? given[at].substr(equals + 1) : given[++at]; };
        if (is_any(name, {"--options-file", "-optf"}) && has_value) {
            const std::string file = absolute(directory, value());
            if (depth == max_nested_files) continue;
            const auto inner = translate_nvcc(words_of_file(file), directory, depth + 1);
            result.insert(result.end(), inner.begin(), inner.end());
        } else if (is_any(name, {"-Xcompiler", "--compiler-options"}) && has_value) {
            host(value());
        } else if (const auto found = renamed.find(name); found != renamed.end() && has_value) {
            if (found->second == "-std") {
                result.push_back("-std=" + value());
            } else {
                result.push_back(found->second);
                result.push_back(value());
            }
        } else if (is_nvcc_with_value(name) && has_value) {
            value();
        } else {
            result.push_back(given[at]);
        }
    }
    return result;
}

std::string_view nvcc_host_functions() {
    // The overloads of the toolkit's crt/math_functions.h. A system header, so that nothing in it is a place of the
    // project's.
    return R"(#pragma GCC system_header
#define TRIUNE_HOST static inline __attribute__((host))
#define TRIUNE_BOTH(result, left, right)                                        \
    TRIUNE_HOST result max(left a, right b) { return (result)a < (result)b ? (result)b : (result)a; } \
    TRIUNE_HOST result min(left a, right b) { return (result)b < (result)a ? (result)b : (result)a; }
TRIUNE_BOTH(int, int, int)
TRIUNE_BOTH(unsigned, unsigned, unsigned)
TRIUNE_BOTH(unsigned, int, unsigned)
TRIUNE_BOTH(unsigned, unsigned, int)
TRIUNE_BOTH(long, long, long)
TRIUNE_BOTH(unsigned long, unsigned long, unsigned long)
TRIUNE_BOTH(unsigned long, long, unsigned long)
TRIUNE_BOTH(unsigned long, unsigned long, long)
TRIUNE_BOTH(long long, long long, long long)
TRIUNE_BOTH(unsigned long long, unsigned long long, unsigned long long)
TRIUNE_BOTH(unsigned long long, long long, unsigned long long)
TRIUNE_BOTH(unsigned long long, unsigned long long, long long)
TRIUNE_BOTH(float, float, float)
TRIUNE_BOTH(double, double, double)
TRIUNE_BOTH(double, float, double)
TRIUNE_BOTH(double, double, float)
#undef TRIUNE_BOTH
#undef TRIUNE_HOST
)";
}

}  // namespace migrate
