// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/addr2line.hpp>

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>

#include <triune/detail/base/hexadecimal.hpp>
#include <triune/detail/base/program_output.hpp>

namespace triune::addr2line {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// Unknown are "??", "??:0", "??:?" and "file.cpp:?".
std::string known(std::string_view text) {
    text = text.substr(0, text.find(" (discriminator "));
    const bool is_known = !text.starts_with("??") && !text.ends_with(":?") && !text.ends_with(":0");
    return is_known ? std::string(text) : std::string();
}

// Nothing where they are no pairs, as where a line end stands in the name of a file.
Places places_of(std::span<const std::string_view> lines) {
    Places places;
    if (lines.size() % 2 != 0) return places;
    for (std::size_t i = 0; i < lines.size(); i += 2) places.push_back({known(lines[i]), known(lines[i + 1])});
    return places;
}

// Whether the file has the names of all its functions.
bool has_symbol_table(const std::string& module) {
    std::ifstream file(module, std::ios::binary);
    ElfW(Ehdr) header{};
    if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return false;
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
    file.seekg(static_cast<std::streamoff>(header.e_shoff));
    for (unsigned number = 0; number < header.e_shnum; ++number) {
        ElfW(Shdr) section{};
        if (!file.read(reinterpret_cast<char*>(&section), sizeof section)) return false;
        if (section.sh_type == SHT_SYMTAB) return true;
    }
    return false;
}

// Without the names of all functions the program shows the nearest one before, whichever that is.
void drop_guesses(std::vector<Places>& found) {
    for (Places& places : found) {
        for (Place& place : places) {
            if (place.file_and_line.empty()) place.function.clear();
        }
    }
}

}  // namespace

std::vector<Places> read(std::string_view output, std::size_t count) {
    const std::vector<std::string_view> lines = lines_of(output);
    std::vector<Places> found;
    const auto is_address = [](std::string_view line) { return line.starts_with("0x"); };
    for (auto at = std::find_if(lines.begin(), lines.end(), is_address); at != lines.end();) {
        const auto next = std::find_if(at + 1, lines.end(), is_address);
        found.push_back(places_of({at + 1, next}));
        at = next;
    }
    if (found.size() != count) found.assign(count, {});
    return found;
}

std::vector<Places> ask(const std::string& module, std::span<const std::uintptr_t> offsets) {
    std::vector<std::string> command{"addr2line", "-a", "-C", "-f", "-i", "-e", module};
    for (const std::uintptr_t offset : offsets) {
        command.push_back(hexadecimal(offset));
    }
    std::vector<Places> found = read(program_output(command), offsets.size());
    if (!has_symbol_table(module)) drop_guesses(found);
    return found;
}

}  // namespace triune::addr2line
