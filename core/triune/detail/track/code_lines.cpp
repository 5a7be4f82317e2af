// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/code_lines.hpp>

#include <cxxabi.h>
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/hexadecimal.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/base/printable.hpp>
#include <triune/detail/track/addr2line.hpp>

namespace triune {
namespace {

std::string demangled(const char* symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status),
                                                           &std::free);
    return name ? name.get() : symbol;
}

std::string program_path() {
    std::error_code problem;
    return std::filesystem::read_symlink("/proc/self/exe", problem).string();
}

struct Code {
    std::string module;  // its file; empty where none is known
    std::uintptr_t offset = 0;
    std::string exported;  // the function's name
};

// Of the call, which ends where the function returns to: behind it another function may begin.
Code code_before(void* address) {
    Code code;
    code.offset = reinterpret_cast<std::uintptr_t>(address) - 1;
    Dl_info found{};
    void* extra = nullptr;
    const void* const call = reinterpret_cast<const void*>(code.offset);
    if (dladdr1(call, &found, &extra, RTLD_DL_LINKMAP) == 0 || found.dli_fname == nullptr) return code;
    const auto* const map = static_cast<const link_map*>(extra);
    const bool is_program = map->l_name == nullptr || *map->l_name == '\0';  // dli_fname is what it was called with
    code.module = is_program ? program_path() : map->l_name;
    if (code.module.empty()) code.module = found.dli_fname;
    code.offset -= map->l_addr;
    if (found.dli_sname != nullptr) code.exported = demangled(found.dli_sname);
    return code;
}

// What a function is called without what stands before its name: templates show the type that they return.
std::string_view without_type(std::string_view function) {
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < function.size() && !(depth == 0 && function[i] == '('); ++i) {
        if (function[i] == '<') ++depth;
        if (function[i] == '>') --depth;
        if (function[i] == ' ' && depth == 0) begin = i + 1;
    }
    return function.substr(begin);
}

bool is_ours(std::string_view function, std::string_view file) {
    return without_type(function).starts_with("triune::") || file.starts_with("core/triune/") ||
           file.find("/core/triune/") != std::string_view::npos ||
           file.find("/include/triune/") != std::string_view::npos;
}

struct Line {
    std::string text;
    bool ours;
};
using Lines = std::vector<Line>;

Line plain_line(const Code& code, std::string_view function) {
    if (code.module.empty()) return {hexadecimal(code.offset), false};
    std::string place = code.module.substr(code.module.find_last_of('/') + 1) + "+" + hexadecimal(code.offset);
    if (!function.empty()) place = std::string(function) + " in " + place;
    return {printable(place), is_ours(function, {})};
}

Lines lines_of(const Code& code, const addr2line::Places& places) {
    Lines lines;
    for (const addr2line::Place& place : places) {
        const bool inlined = &place != &places.back();
        if (place.function.empty() || place.file_and_line.empty()) {
            if (!inlined) lines.push_back(plain_line(code, place.function.empty() ? code.exported : place.function));
            continue;
        }
        const std::string text = place.function + " at " + place.file_and_line + (inlined ? " (inlined)" : "");
        lines.push_back({printable(text), is_ours(place.function, place.file_and_line)});
    }
    if (lines.empty()) lines.push_back(plain_line(code, code.exported));
    return lines;
}

std::vector<std::string> texts_of(const std::vector<Lines>& all) {
    Lines lines;
    for (const Lines& each : all) lines.insert(lines.end(), each.begin(), each.end());
    auto first = std::find_if(lines.begin(), lines.end(), [](const Line& line) { return !line.ours; });
    if (first == lines.end()) first = lines.begin();
    std::vector<std::string> texts;
    for (; first != lines.end(); ++first) texts.push_back(std::move(first->text));
    return texts;
}

// What has been asked, because many stacks share their outer frames and starting a program takes milliseconds. Never
// destroyed: stacks are read after main.
class Asked {
  public:
    using Key = std::pair<std::string, std::uintptr_t>;  // module and offset

    static Asked& all() {
        static Asked* const instance = new Asked;
        return *instance;
    }

    bool find(const Code& code, Lines& lines) const {
        const std::lock_guard lock(mutex_);
        const auto found = lines_.find(Key(code.module, code.offset));
        if (found != lines_.end()) lines = found->second;
        return found != lines_.end();
    }

    void keep(const Code& code, const Lines& lines) {
        constexpr std::size_t max_kept = 10'000;
        const std::lock_guard lock(mutex_);
        if (lines_.size() >= max_kept) lines_.clear();
        lines_.insert_or_assign(Key(code.module, code.offset), lines);
    }

  private:
    friend class triune::ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    mutable Mutex mutex_;
    std::map<Key, Lines> lines_;
    ForkGuard fork_guard_{ForkGuard::Rank::text, *this};
};

}  // namespace

std::vector<std::string> plain_code_lines(std::span<void* const> returns) {
    std::vector<Lines> all;
    for (void* const address : returns) {
        const Code code = code_before(address);
        all.push_back({plain_line(code, code.exported)});
    }
    return texts_of(all);
}

std::vector<std::string> code_lines(std::span<void* const> returns) {
    std::vector<Code> codes;
    std::vector<Lines> all(returns.size());
    std::map<std::string, std::vector<std::size_t>> missing;  // of each module
    for (std::size_t i = 0; i < returns.size(); ++i) {
        const Code& code = codes.emplace_back(code_before(returns[i]));
        if (!Asked::all().find(code, all[i])) missing[code.module].push_back(i);
    }
    for (const auto& [module, numbers] : missing) {
        std::vector<std::uintptr_t> offsets;
        for (const std::size_t i : numbers) offsets.push_back(codes[i].offset);
        const auto places =
            module.empty() ? std::vector<addr2line::Places>(offsets.size()) : addr2line::ask(module, offsets);
        for (std::size_t found = 0; found < numbers.size(); ++found) {
            const std::size_t i = numbers[found];
            all[i] = lines_of(codes[i], places[found]);
            Asked::all().keep(codes[i], all[i]);
        }
    }
    return texts_of(all);
}

}  // namespace triune
