#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which units are read, how they fail, and what a run over a part of them may edit."""
import json
import os
import subprocess
import sys
import tempfile

from workspace import Project, arguments, check, in_project, legacy

HEADER = """#pragma once
#include "utils/gpu_memory.hpp"
inline std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }
"""


def states(report):
    return {(site["file"], site["state"], site["reason"]) for site in report["sites"]}


@in_project({"good.cpp": legacy("good"), "bad.cpp": legacy("bad") + "#pragma clang __debug crash\n"})
def a_unit_that_crashes_the_parser_fails_alone(project):
    result, report = project.run("--fix", "--no-verify")
    check(result.returncode == 2 and report["units"] == {"parsed": 1, "skipped": 0, "failed": 1}, result.stderr)
    check("bad.cpp does not parse: the parser crashed" in result.stderr, result.stderr)
    check("triune::" in project.text("good.cpp") and "triune::" not in project.text("bad.cpp"), "the wrong file was edited")


# A pipe that nobody writes into: the parser waits, and costs nothing meanwhile.
@in_project({"good.cpp": legacy("good"), "slow.cpp": '#include "endless.hpp"\n' + legacy("slow")})
def a_unit_that_takes_too_long_fails_alone(project):
    os.mkfifo(project.source / "endless.hpp")
    result, report = project.run("--fix", "--no-verify", "--unit-timeout=20")
    check(result.returncode == 2 and report["units"]["failed"] == 1, result.stderr)
    check("slow.cpp does not parse: took longer than 20 s" in result.stderr, result.stderr)
    check("triune::" in project.text("good.cpp") and "triune::" not in project.text("slow.cpp"), "the wrong file was edited")


@in_project({"a.cpp": legacy("first") + """
std::vector<std::string> names() { return utils::check_gpu_memory_leaks(); }
int broken() { return utils::check_gpu_memory_leaks() + no_such_thing; }
std::size_t last() { return utils::get_gpu_memory_usage().first; }
"""})
def one_bad_declaration_does_not_blank_its_unit(project):
    result, report = project.run("--fix")
    text = project.text("a.cpp")
    check(result.returncode == 2, f"exit {result.returncode}: {result.stderr}")
    check("a.cpp parses in part" in result.stderr, result.stderr)
    check("triune::default_manager().report_leaks().size()" in text and "usage_by_name().first" in text, text)
    check("int broken() { return utils::check_gpu_memory_leaks() + no_such_thing; }" in text, text)
    check('#include "utils/gpu_memory.hpp"' in text, "the bad declaration still needs its header")
    check(("a.cpp", "unseen", "broken-declaration") in states(report), str(report["sites"]))


@in_project({"a.cpp": """#include "utils/gpu_memory.hpp"
auto kept = utils::create_managed_buffer<float>(4, "kept");
auto free_to_go = utils::create_managed_buffer<float>(4, "free");
int broken() { return kept.as_device_buffer().len() + no_such_thing; }
"""})
def what_a_bad_declaration_names_stays_as_it_is(project):
    _, report = project.run("--fix", "--no-verify")
    text = project.text("a.cpp")
    check('auto kept = utils::create_managed_buffer<float>(4, "kept");' in text, text)
    check('make_buffer<float>("free", 4)' in text, text)
    check(report["totals"]["sites"] == len(report["sites"]), str(report))


@in_project({"a.cpp": legacy("a"), "b.cpp": '#include "missing.hpp"\n', "c.cpp": "int fine = 0;\nint bad = nothing;\n"})
def the_doctor_names_every_unit_and_a_remedy(project):
    result, _ = project.run("--doctor")
    check(result.returncode == 2, f"exit {result.returncode}: {result.stderr}")
    lines = result.stdout.splitlines()
    check("ok      a.cpp" in lines and "failed  b.cpp" in lines and "partly  c.cpp" in lines, result.stdout)
    check("missing.hpp" in result.stdout and "a header is missing" in result.stdout, result.stdout)
    check("c.cpp:2: use of undeclared identifier 'nothing'" in result.stdout and "1 of 3 units parse" in lines[-1], result.stdout)


PARTS = {"lib/shared.hpp": HEADER, "one/a.cpp": '#include "lib/shared.hpp"\n' + legacy("a").split("\n", 1)[1],
         "one/own.hpp": HEADER.replace("t leaks()", "t own()"), "one/b.cpp": '#include "one/own.hpp"\n',
         "two/c.cpp": '#include "lib/shared.hpp"\nstd::size_t c() { return leaks(); }\n' + legacy("d").split("\n", 1)[1],
         "lib/values.hpp": """#pragma once
#include "utils/gpu_memory.hpp"
template <typename T>
using Values = utils::ManagedDeviceBuffer<T>;
inline std::size_t bytes_of(const Values<float>& values) { return values.size_bytes(); }
""", "two/e.cpp": """#include "lib/values.hpp"
using namespace utils;
std::size_t e(const MultiStreamManager& streams) {
    streams.synchronize_all();
    return bytes_of(create_managed_buffer<float>(3, "e"));
}
""", "one/f.cpp": """#include "lib/values.hpp"
struct Level {
    Values<float> x;
};
std::size_t f() { return bytes_of(Level{utils::create_managed_buffer<float>(3, "f")}.x); }
"""}


@in_project(PARTS)
def a_run_over_a_folder_edits_it_and_the_headers_that_nobody_else_sees(project):
    result, report = project.run("--fix", "one")
    check(result.returncode == 1, f"exit {result.returncode}: {result.stderr}")
    check("triune::" in project.text("one/a.cpp") and "triune::" in project.text("one/own.hpp"), result.stderr)
    check(project.text("lib/shared.hpp") == HEADER and project.text("two/c.cpp") == PARTS["two/c.cpp"], "edited outside")
    check(("lib/shared.hpp", "blocked", "not-selected") in states(report), str(report["sites"]))
    check(not any(site["file"] == "two/c.cpp" for site in report["sites"]), "another folder is accounted for")


def compile_all(project, after):
    for unit in sorted(project.source.rglob("*.cpp")):
        compiled = subprocess.run(["c++", "-std=c++20", "-fsyntax-only", f"-I{project.source}", f"-I{project.given.new_api}",
                                   f"-I{project.given.legacy}", str(unit)], capture_output=True, text=True)
        check(compiled.returncode == 0, f"after {after}, {unit.name}:\n{compiled.stderr}\n{unit.read_text()}")


@in_project(PARTS)
def folder_by_folder_ends_in_the_text_of_one_run(whole):
    result, report = whole.run("--fix", "--no-verify")
    check(result.returncode == 0 and report["totals"]["blocked"] == 0, result.stderr)
    for order in (("one", "two", "lib"), ("lib", "two", "one")):
        with tempfile.TemporaryDirectory() as folder:
            stepwise = Project(whole.given, folder, PARTS)
            stepwise.database([name for name in PARTS if name.endswith(".cpp")])
            for step in (*order, "."):
                result, _ = stepwise.run("--fix", "--no-verify", step)
                check(result.returncode in (0, 1), f"{order}, {step}: {result.stderr}")
                if order[0] == "one" and step != ".":
                    compile_all(stepwise, step)
            for name in PARTS:
                check(stepwise.text(name) == whole.text(name),
                      f"{order}, {name}:\n{stepwise.text(name)}\n---\n{whole.text(name)}")


@in_project(PARTS)
def a_named_header_is_edited_and_nothing_else(project):
    result, _ = project.run("--fix", "--no-verify", "lib/shared.hpp")
    check("triune::" in project.text("lib/shared.hpp"), result.stderr)
    check(all(project.text(name) == PARTS[name] for name in PARTS if name != "lib/shared.hpp"), "another file was edited")


@in_project({"lib/make.hpp": """#pragma once
#include "utils/gpu_memory.hpp"
inline utils::ManagedDeviceBuffer<int> pass(utils::ManagedDeviceBuffer<int> buffer) { return buffer; }
""", "one/a.cpp": """#include "lib/make.hpp"
using utils::create_managed_buffer;
auto held = pass(create_managed_buffer<int>(1, "held"));
std::size_t free_to_go() { return create_managed_buffer<float>(2, "free").size_bytes(); }
""", "two/b.cpp": '#include "lib/make.hpp"\n'})
def a_using_declaration_stays_while_one_of_its_uses_does(project):
    before = project.text("one/a.cpp")
    result, report = project.run("--fix", "one")
    check(result.returncode == 1 and "taken back" not in result.stderr, result.stderr)
    check(project.text("one/a.cpp") == before, project.text("one/a.cpp"))


@in_project({"a.cpp": legacy("a")})
def a_command_behind_two_dashes_serves_without_a_database(project):
    (project.build / "compile_commands.json").unlink()
    result = subprocess.run([project.given.tool, "--fix", f"--triune-include={project.given.new_api}", "a.cpp", "--", "-std=c++17",
                             f"-I{project.given.legacy}"], cwd=project.source, capture_output=True, text=True)
    check(result.returncode == 0 and "triune::" in project.text("a.cpp"), result.stderr)


@in_project({"a.cpp": legacy("a")})
def the_database_is_found_above_the_files(project):
    os.rename(project.build / "compile_commands.json", project.source / "compile_commands.json")
    result = subprocess.run([project.given.tool, "--status", "a.cpp"], cwd=project.source, capture_output=True, text=True)
    check(result.returncode == 1 and "2 sites" in result.stderr, result.stderr)


@in_project({"a.cpp": """#include "utils/gpu_memory.hpp"
#ifdef WIDE
std::size_t wide() { return utils::check_gpu_memory_leaks().size(); }
#else
std::size_t narrow() { return utils::check_gpu_memory_leaks().size(); }
#endif
"""})
def several_configurations_of_one_file_are_one_file(project):
    database = json.loads((project.build / "compile_commands.json").read_text())
    wide = dict(database[0], arguments=[database[0]["arguments"][0], "-DWIDE", *database[0]["arguments"][1:]])
    (project.build / "compile_commands.json").write_text(json.dumps([database[0], wide]))
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["totals"] == {"sites": 3, "migrated": 3, "blocked": 0, "unseen": 0}, result.stderr)
    check(project.text("a.cpp").count("triune::") == 2, project.text("a.cpp"))


@in_project({"main.cpp": """#include "run.hpp"
#include "utils/cuda_error_handling.hpp"
int main() {
    try {
        return run();
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    }
}
""", "run.hpp": "#pragma once\nint run();\n", "run.cpp": """#include "run.hpp"
#include "utils/gpu_memory.hpp"
int run() { return static_cast<int>(utils::create_managed_buffer<float>(4, "b").size_bytes()); }
"""})
def a_handler_in_a_unit_without_legacy_headers_goes_with_the_calls(project):
    before = project.text("run.cpp")
    project.run("--fix", "--no-verify", "run.cpp")
    check(project.text("run.cpp") == before, "the calls went and their handler could not")
    result, _ = project.run("--fix")
    check(result.returncode == 0 and "catch (const triune::Error& e)" in project.text("main.cpp"), project.text("main.cpp"))


@in_project({"main.cpp": """#include <triune/base/error.hpp>
#include "grow.hpp"
int main() {
    try {
        return grow();
    } catch (const triune::Error& e) {
        return e.cuda_error();
    } catch (const std::runtime_error&) {
        return 2;
    }
}
""", "grow.hpp": "#pragma once\nint grow();\n", "grow.cpp": """#include "grow.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
int grow() {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    manager.get_or_create_buffer("b", gpu::BufferConfig::for_edges()).ensure_capacity(3);
    return 0;
}
"""})
def a_handler_that_was_migrated_before_asks_once_untyped_failures_reach_it(project):
    project.database(["main.cpp", "grow.cpp"], ["-std=c++20", f"-I{project.given.new_api}"])
    before = project.text("grow.cpp")
    _, report = project.run("--fix", "grow.cpp")
    check(project.text("grow.cpp") == before, "what the handler would catch went, and the handler was not asked for")
    check({site["reason"] for site in report["sites"]} == {"not-selected", "group"}, str(report["sites"]))
    result, _ = project.run("--fix")
    asked = "if (e.untyped()) {\n            return 2;\n        }\n        return e.cuda_error();"
    check(result.returncode == 0 and asked in project.text("main.cpp"), result.stderr + project.text("main.cpp"))


# As target_precompile_headers writes it.
PRECOMPILED = '''/* generated by CMake */

#pragma GCC system_header
#ifdef __cplusplus
#include <utils/gpu_memory.hpp>
#endif // __cplusplus
'''
BARE = {"plain.cpp": "std::size_t plain() { return utils::check_gpu_memory_leaks().size(); }\n",
        "titled.cpp": "// Whose it is.\n\n// What it does.\nstd::size_t titled() { return utils::check_gpu_memory_leaks().size(); }\n",
        "list.hpp": "#pragma once\ninline std::size_t listed() { return utils::check_gpu_memory_leaks().size(); }\n",
        "lists.cpp": '#include "list.hpp"\nstd::size_t lists() { return listed(); }\n'}
NEW = "#include <triune/triune.hpp>\n"


def with_the_new_header(name):
    text = BARE[name].replace("utils::check_gpu_memory_leaks", "triune::default_manager().report_leaks")
    head = {"titled.cpp": "// Whose it is.\n", "list.hpp": "#pragma once\n"}.get(name, "")
    return head + NEW + text[len(head):] if text != BARE[name] else text


@in_project(BARE)
def a_header_that_cmake_precompiles_stays_and_its_units_include_the_new_one(project):
    header = project.build / "cmake_pch.hxx"
    header.write_text(PRECOMPILED)
    project.database([name for name in BARE if name.endswith(".cpp")], ["-include", str(header)])
    result, report = project.run("--fix")
    check(result.returncode == 1 and header.read_text() == PRECOMPILED, f"exit {result.returncode}: {result.stderr}")
    left = [(site["file"].rsplit("/", 1)[-1], site["reason"]) for site in report["sites"] if site["state"] != "migrated"]
    check(left == [("cmake_pch.hxx", "generated")], str(report["sites"]))
    for name in BARE:
        check(project.text(name) == with_the_new_header(name), f"{name}:\n{project.text(name)}")
    # What the advice asks for.
    header.write_text(PRECOMPILED.replace("utils/gpu_memory.hpp", "triune/triune.hpp"))
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["totals"]["sites"] == 0, result.stderr)


@in_project(BARE)
def a_flag_that_includes_a_legacy_header_is_told_and_its_units_include_the_new_one(project):
    project.database([name for name in BARE if name.endswith(".cpp")], ["-include", "utils/gpu_memory.hpp"])
    result, report = project.run("--fix")
    check(result.returncode == 0 and "'-include utils/gpu_memory.hpp' names a legacy header" in result.stderr, result.stderr)
    for name in BARE:
        check(project.text(name) == with_the_new_header(name), f"{name}:\n{project.text(name)}")


@in_project({"prefix.hpp": '#pragma once\n#include "utils/gpu_memory.hpp"\n', "bare.cpp": BARE["plain.cpp"]})
def a_header_that_brings_the_new_one_spares_its_units_a_line(project):
    # By the flag of Clang, whose file of another version nobody could read.
    (project.source / "prefix.hpp.pch").write_bytes(b"CPCH")
    project.database(["bare.cpp"], ["-include-pch", str(project.source / "prefix.hpp.pch")])
    result, report = project.run("--fix")
    check(result.returncode == 0 and project.text("prefix.hpp") == "#pragma once\n" + NEW, result.stderr)
    check(NEW + project.text("bare.cpp") == with_the_new_header("plain.cpp"), project.text("bare.cpp"))


STYLED = """#include "utils/gpu_memory.hpp"
int   untouched( int  a );
std::size_t  spaced( ){ return   utils::check_gpu_memory_leaks( ).size( ); }
"""


@in_project({"a.cpp": STYLED, ".clang-format": "BasedOnStyle: LLVM\n"})
def changed_lines_follow_the_project_s_clang_format(project):
    project.run("--fix", "--no-verify")
    text = project.text("a.cpp")
    check("int   untouched( int  a );\n" in text, f"an untouched line was laid out:\n{text}")
    check("std::size_t spaced() { return triune::default_manager().report_leaks().size(); }" in " ".join(text.split()), text)
    project.run("--undo")
    subprocess.run([project.given.tool, "-p", str(project.build), f"--triune-include={project.given.new_api}", "--fix", "--quiet",
                    "--format-style=none"], cwd=project.source)
    check("std::size_t  spaced( ){ return   triune::default_manager().report_leaks( ).size( ); }" in project.text("a.cpp"),
          project.text("a.cpp"))


@in_project({"a.cpp": legacy("a")})
def undo_leaves_what_was_changed_since(project):
    project.run("--fix", "--no-verify")
    (project.source / "a.cpp").write_text("// mine now\n")
    result, _ = project.run("--undo")
    check(result.returncode == 4 and "changed since" in result.stderr, result.stderr)
    check(project.text("a.cpp") == "// mine now\n", project.text("a.cpp"))


@in_project({"a.cpp": legacy("a")})
def units_of_an_older_standard_are_named_with_the_line_that_they_need(project):
    result, _ = project.run("--no-verify")
    check("CMAKE_CXX_STANDARD 20" in result.stderr and "a.cpp" in result.stderr.split("C++20")[1], result.stderr)
    database = (project.build / "compile_commands.json").read_text()
    (project.build / "compile_commands.json").write_text(database.replace("-std=c++17", "-std=c++20"))
    result, _ = project.run("--no-verify")
    check("CMAKE_CXX_STANDARD" not in result.stderr, result.stderr)


def main():
    given = arguments()
    for test in (a_unit_that_crashes_the_parser_fails_alone, a_unit_that_takes_too_long_fails_alone,
                 one_bad_declaration_does_not_blank_its_unit, what_a_bad_declaration_names_stays_as_it_is,
                 the_doctor_names_every_unit_and_a_remedy, a_run_over_a_folder_edits_it_and_the_headers_that_nobody_else_sees,
                 folder_by_folder_ends_in_the_text_of_one_run, a_named_header_is_edited_and_nothing_else,
                 a_using_declaration_stays_while_one_of_its_uses_does, a_command_behind_two_dashes_serves_without_a_database,
                 the_database_is_found_above_the_files, several_configurations_of_one_file_are_one_file,
                 a_handler_in_a_unit_without_legacy_headers_goes_with_the_calls,
                 a_handler_that_was_migrated_before_asks_once_untyped_failures_reach_it,
                 a_header_that_cmake_precompiles_stays_and_its_units_include_the_new_one,
                 a_flag_that_includes_a_legacy_header_is_told_and_its_units_include_the_new_one,
                 a_header_that_brings_the_new_one_spares_its_units_a_line,
                 changed_lines_follow_the_project_s_clang_format, undo_leaves_what_was_changed_since,
                 units_of_an_older_standard_are_named_with_the_line_that_they_need):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
