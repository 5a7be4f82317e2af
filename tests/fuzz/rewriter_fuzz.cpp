// SPDX-License-Identifier: Apache-2.0
// Any unit over the legacy interface: the rewriter ends, its children do not crash, and what it writes compiles where
// what it read did. What it wrote is read once more.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/driver.hpp"
#include "legacy_program.hpp"
#include "project/unit_list.hpp"
#include "read/unit_parser.hpp"

namespace {

namespace files = std::filesystem;

class Project {
  public:
    Project() {
        char pattern[] = "/tmp/triune-fuzz-XXXXXX";
        fuzz::require(::mkdtemp(pattern) != nullptr, "there is no temporary folder");
        folder_ = pattern;
    }
    Project(const Project&) = delete;
    Project& operator=(const Project&) = delete;
    ~Project() {
        std::error_code ignored;
        files::remove_all(folder_, ignored);
    }

    void write(const std::string& text) { std::ofstream(unit()) << text; }
    void compile_as(const std::string& standard, const std::string& legacy_headers) {
        std::ofstream(folder_ + "/compile_commands.json")
            << R"([{"directory": ")" << folder_ << R"(", "file": ")" << unit() << R"(", "arguments": ["c++", "-std=)"
            << standard << R"(", "-I)" << legacy_headers << R"(", "-idirafter", ")" << TRIUNE_FUZZ_ROOT "/core"
            << R"(", "-c", ")" << unit() << R"("]}])";
    }
    std::string text() const {
        std::ifstream file(unit());
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string unit() const { return folder_ + "/unit.cpp"; }
    migrate::Options options() const {
        migrate::Options asked;
        asked.wanted = migrate::Mode::fix;
        asked.build_directory = folder_;
        asked.triune_include = TRIUNE_FUZZ_ROOT "/core";
        return asked;
    }
    bool compiles() const {
        migrate::Options asked = options();
        const migrate::UnitList list = migrate::list_units(asked);
        fuzz::require(list.units.size() == 1, "the unit is not listed");
        return migrate::check(list.units.front().command, {}, {}).empty();
    }

  private:
    std::string folder_;
};

// What the rewriter says goes into a file of memory, and is asked for crashes of its children.
class Said {
  public:
    Said() {
        std::fflush(nullptr);
        for (int stream = 1; stream <= 2; ++stream) {
            kept_[stream - 1] = ::dup(stream);
            ::dup2(file_, stream);
        }
    }
    Said(const Said&) = delete;
    Said& operator=(const Said&) = delete;
    ~Said() { end(); }

    std::string end() {
        if (kept_[0] < 0) return {};
        std::fflush(nullptr);
        for (int stream = 1; stream <= 2; ++stream) {
            ::dup2(kept_[stream - 1], stream);
            ::close(std::exchange(kept_[stream - 1], -1));
        }
        std::string all(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
        fuzz::require(::pread(file_, all.data(), all.size(), 0) == static_cast<ssize_t>(all.size()), "no output");
        ::close(file_);
        return all;
    }

  private:
    int file_ = ::memfd_create("said", MFD_CLOEXEC);
    int kept_[2];
};

void expect(bool holds, const char* what, const std::string& before, const Project& project, const std::string& said) {
    if (holds) return;
    std::fprintf(stderr, "--- before\n%s\n--- after\n%s\n--- said\n%s\n", before.c_str(), project.text().c_str(),
                 said.c_str());
    fuzz::require(false, what);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    fuzz::Input input(data, bytes);
    fuzz::LegacyProgram program(input);
    const std::string before = program.text();
    Project project;
    project.write(before);
    Said first;
    project.compile_as("c++17", TRIUNE_FUZZ_ROOT "/tests/legacy/include");
    const bool compiled = project.compiles();
    const int status = migrate::run(project.options());
    std::string said = first.end();
    const std::string after = project.text();
    expect(compiled || program.damaged(), "the generator made what does not compile", before, project, said);
    expect(said.find("crashed") == std::string::npos, "a child crashed", before, project, said);
    expect(status != migrate::bad_usage, "the command was refused", before, project, said);
    expect(!compiled || status != migrate::units_failed, "what compiles was not read", before, project, said);
    expect(program.damaged() || status != migrate::conflict, "an edit was taken back", before, project, said);
    if (!compiled || after == before) return 0;
    Said second;
    project.compile_as("c++20", TRIUNE_FUZZ_ROOT "/compat");
    const bool compiles = project.compiles();
    const int again = migrate::run(project.options());
    said += second.end();
    expect(compiles, "what was written does not compile", before, project, said);
    expect(again == migrate::all_migrated || again == migrate::sites_remain, "what was written is not read", before,
           project, said);
    return 0;
}
