#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What users ask of the tool: to choose rules, to leave places alone, and to be told plainly what is wrong."""
import subprocess
import sys
import tempfile

from workspace import arguments, check, in_project, legacy

BOTH = """#include "utils/gpu_memory.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }
gpu::BufferConfig edges() { return gpu::BufferConfig::for_edges(); }
"""


def ask(given, *options):
    return subprocess.run([given.tool, *options], capture_output=True, text=True)


def the_version_and_the_reasons_are_told(given):
    version = ask(given, "--version")
    check(version.returncode == 0 and version.stdout.startswith("triune-migrate ") and "Clang" in version.stdout, version.stdout)
    listed = ask(given, "--list-reasons").stdout
    codes = [line for line in listed.splitlines() if line and not line.startswith(" ")]
    check(len(codes) > 20 and "two-meanings" in codes, listed)
    for code in codes:
        told = ask(given, "--explain", code).stdout.rstrip().splitlines()
        check(told[-1].startswith("What to do: "), f"{code}: {told}")


@in_project({"a.cpp": legacy("a")})
def the_database_itself_may_be_named(project):
    command = [project.given.tool, "-p", str(project.build / "compile_commands.json"),
               f"--triune-include={project.given.new_api}", "--fix"]
    result = subprocess.run(command, cwd=project.source, capture_output=True, text=True)
    check(result.returncode == 0 and "report_leaks" in project.text("a.cpp"), result.stderr)
    result = subprocess.run([*command[:-1], "--undo"], cwd=project.source, capture_output=True, text=True)
    check(result.returncode == 0 and project.text("a.cpp") == legacy("a"), result.stderr)


@in_project({"a.cpp": legacy("a")})
def what_is_wrong_with_a_database_is_said(project):
    for text, words in (("[]", "names no unit"), ("{", "is no compilation database"), ("[{}]", "is no compilation database")):
        (project.build / "compile_commands.json").write_text(text)
        result, _ = project.run()
        check(result.returncode == 3 and words in result.stderr, f"{text}: {result.returncode} {result.stderr}")
    result = ask(project.given, "-p", "/nowhere")
    check(result.returncode == 3 and "no such folder or file: '/nowhere'" in result.stderr, result.stderr)


@in_project({"a.cpp": legacy("a")})
def a_missing_folder_is_said_before_anything_is_read(project):
    for option in ("--export-fixes=no/such/fixes.yaml", "--report=no/such/r.json", "--history=no/such/h"):
        result, _ = project.run("--fix", option)
        check(result.returncode == 3 and f"the folder of '{option}' is not there" in result.stderr, result.stderr)
        check(project.text("a.cpp") == legacy("a"), "the file was edited")


@in_project({"a.cpp": BOTH})
def rules_and_modules_are_chosen(project):
    for options in (["--modules=gpu_memory"], ["--rules=TRIUNE1004,TRIUNE1000"]):
        result, report = project.run("--fix", *options)
        check(result.returncode == 1, f"{options}: {result.returncode} {result.stderr}")
        text = project.text("a.cpp")
        check("report_leaks" in text and "gpu::BufferConfig::for_edges" in text, f"{options}: {text}")
        check("not-chosen" in {each["reason"] for each in report["sites"]}, str(report["sites"]))
        project.run("--undo")
    for option in ("--rules=TRIUNE9999", "--modules=nothing", "--rules="):
        result, _ = project.run(option)
        check(result.returncode == 3 and "--list-rules" in result.stderr or "needs a" in result.stderr, result.stderr)


@in_project({"a.cpp": """#include "utils/gpu_memory.hpp"
std::size_t first() { return utils::check_gpu_memory_leaks().size(); }  // triune-migrate: keep
// triune-migrate: keep
std::size_t second() { return utils::check_gpu_memory_leaks().size(); }
std::size_t third() { return utils::check_gpu_memory_leaks().size(); }
// triune-migrate: keep begin
std::size_t fourth() { return utils::check_gpu_memory_leaks().size(); }
std::size_t fifth() { return utils::check_gpu_memory_leaks().size(); }
// triune-migrate: keep end
const char* text = "triune-migrate: keep"; std::size_t sixth() { return utils::check_gpu_memory_leaks().size(); }
"""})
def a_comment_keeps_a_place(project):
    result, report = project.run("--fix")
    check(result.returncode == 1, result.stderr)
    kept = {each["line"] for each in report["sites"] if each["reason"] == "kept"}
    check(kept == {2, 4, 7, 8}, str(report["sites"]))
    text = project.text("a.cpp")
    check(text.count("check_gpu_memory_leaks") == 4 and text.count("report_leaks") == 2, text)
    again, _ = project.run("--fix")
    check(again.returncode == 1 and project.text("a.cpp") == text, again.stderr)


@in_project({"a.cpp": legacy("a")})
def flags_that_print_print_nothing(project):
    project.database(["a.cpp"], ["-v", "-H", "-###", "-ftime-report", "-print-search-dirs"])
    result, _ = project.run("--fix", "--quiet")
    check(result.returncode == 0 and result.stdout == "" and result.stderr == "", f"{result.stdout}{result.stderr}")


def main():
    given = arguments()
    for test in (the_version_and_the_reasons_are_told, the_database_itself_may_be_named, what_is_wrong_with_a_database_is_said,
                 a_missing_folder_is_said_before_anything_is_read, rules_and_modules_are_chosen, a_comment_keeps_a_place,
                 flags_that_print_print_nothing):
        test(given)
        print(test.__name__)
    sys.exit(0)


if __name__ == "__main__":
    main()
