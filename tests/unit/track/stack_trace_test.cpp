// SPDX-License-Identifier: Apache-2.0
// Where an allocation was made.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../../not_instrumented.hpp"
#include "tracked_item.hpp"

using namespace triune;

namespace {

constexpr int line_of_capture = __LINE__ + 8;

[[gnu::noinline]] StackTrace captured(int depth) {
    if (depth > 0) {
        StackTrace deeper = captured(depth - 1);
        asm volatile("" ::: "memory");  // no tail call
        return deeper;
    }
    return StackTrace::capture();
}

}  // namespace

namespace triune {

// One of the library's, by its name.
[[gnu::noinline]] StackTrace captured_inside(int depth) {
    StackTrace trace = depth > 0 ? captured_inside(depth - 1) : StackTrace::capture();
    asm volatile("" ::: "memory");
    return trace;
}

}  // namespace triune

namespace {

// What the program of that name beside this one prints, or a copy of it with `copy` behind its name.
std::vector<std::string> printed_by(const std::string& name, const std::string& environment = {},
                                    const std::string& copy = {}) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
    auto started = program;
    if (!copy.empty()) {
        started += copy;
        std::filesystem::copy_file(program, started, std::filesystem::copy_options::overwrite_existing);
    }
    const std::string command = environment + " TRIUNE_DEVICE=sim '" + started.string() + "'";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    BOOST_REQUIRE(pipe != nullptr);
    std::vector<std::string> lines;
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr) {
        lines.emplace_back(line.data());
        lines.back().pop_back();
    }
    if (!copy.empty()) std::filesystem::remove(started);
    BOOST_REQUIRE(lines.size() > 2U);
    return lines;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

StackTrace captured_in_odd_file();

BOOST_AUTO_TEST_SUITE(stack_trace)

BOOST_AUTO_TEST_CASE(a_trace_has_a_line_for_each_call_with_the_program_and_an_address) {
    const auto shallow = captured(0).lines();
    const auto deep = captured(5).lines();
    BOOST_TEST(!shallow.empty());
    BOOST_TEST((deep.size() == shallow.size() + 5 || deep.size() == StackTrace::max_frames));
}

BOOST_AUTO_TEST_CASE(plain_lines_have_the_program_and_the_place_in_it) {
    BOOST_TEST(contains(captured(0).plain_lines().front(), "triune_track_tests+0x"));
}

#ifdef TRIUNE_TEST_ADDR2LINE

BOOST_AUTO_TEST_CASE(a_line_has_the_function_the_file_and_the_line_of_the_call) {
    const auto lines = captured(2).lines();
    BOOST_TEST(contains(lines[0], "captured"), lines[0]);
    BOOST_TEST(contains(lines[0], "stack_trace_test.cpp:" + std::to_string(line_of_capture)), lines[0]);
    BOOST_TEST(contains(lines[1], "stack_trace_test.cpp:" + std::to_string(line_of_capture - 4)), lines[1]);
}

BOOST_AUTO_TEST_CASE(a_program_sees_its_own_functions_and_not_the_librarys, *not_instrumented("other programs")) {
    const auto lines = printed_by("traced_program");
    const std::string line = lines[0].substr(lines[0].find(' ') + 1);
    BOOST_TEST(contains(lines[1], "make_positions"), lines[1]);
    BOOST_TEST(contains(lines[1], "traced_program.cpp:" + line), lines[1]);
    BOOST_TEST(contains(lines[2], "main at "), lines[2]);
    for (const std::string& each : lines) {
        BOOST_TEST(!each.starts_with("triune::"), each);
        BOOST_TEST(!contains(each, "core/triune/"), each);
    }
}

BOOST_AUTO_TEST_CASE(where_all_is_the_librarys_all_is_shown) {
    const auto some = captured_inside(3).lines();
    BOOST_TEST(contains(some.front(), "where_all_is_the_librarys_all_is_shown"), some.front());
    const auto all = captured_inside(100).lines();
    BOOST_TEST(all.size() + 1 >= StackTrace::max_frames);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // whose backtrace() shows its caller, too
    BOOST_TEST(contains(all.front(), "triune::captured_inside(int) at "), all.front());
#endif
}

BOOST_AUTO_TEST_CASE(a_line_is_printable_whatever_a_file_is_called) {
    const auto lines = captured_in_odd_file().lines();
    BOOST_TEST(contains(lines.front(), "odd\\x01\\x1b.cpp:6"), lines.front());
}

// The program's exported functions alone are known, and none of them is where the others are.
BOOST_AUTO_TEST_CASE(the_functions_of_a_stripped_program_are_not_guessed, *not_instrumented("other programs")) {
    const auto lines = printed_by("traced_program_stripped");
    for (const std::size_t frame : {1, 2, 3, 4}) {
        BOOST_TEST(lines[frame].starts_with("traced_program_stripped+0x"), lines[frame]);
    }
}

BOOST_AUTO_TEST_CASE(a_programs_own_name_is_an_argument_and_no_command, *not_instrumented("other programs")) {
    const auto lines = printed_by("traced_program", "", " $(echo x);\x01&");
    BOOST_TEST(contains(lines[1], "traced_program.cpp:"), lines[1]);
}

#endif

BOOST_AUTO_TEST_CASE(without_addr2line_a_program_sees_where_in_it, *not_instrumented("other programs")) {
    for (const char* name : {"", "\n\x02"}) {
        const auto lines = printed_by("traced_program", "PATH=/nonexistent", name);
        const std::string shown = *name == '\0' ? "traced_program+0x" : "traced_program\\x0a\\x02+0x";
        BOOST_TEST(contains(lines[1], shown), lines[1]);
        for (const std::string& each : lines) BOOST_TEST(!contains(each, ".cpp:"), each);
    }
}

BOOST_AUTO_TEST_CASE(allocations_carry_traces_while_they_are_asked_for) {
    Registry books;
    const Item before = item(books, "before", 1);
    books.set_stack_traces(true);
    Item during = item(books, "during", 2);
    books.set_stack_traces(false);
    const Item after = item(books, "after", 3);
    const auto records = books.records();
    BOOST_REQUIRE(records.size() == 3U);
    BOOST_TEST(records[0].stack() == nullptr);
    BOOST_TEST(records[2].stack() == nullptr);
    BOOST_REQUIRE(records[1].stack() != nullptr);
    during.reset();
    BOOST_TEST(records[1].stack()->lines().size() > 1U);  // as long as the record lives
}

BOOST_AUTO_TEST_SUITE_END()

#line 6 "odd\001\033.cpp"
[[gnu::noinline]] StackTrace captured_in_odd_file() { return StackTrace::capture(); }
