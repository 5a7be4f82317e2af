#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool answers, and how it exits."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from workspace import Project, arguments, check

LEGACY = '#include "utils/gpu_memory.hpp"\nstd::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }\n'
MIGRATED = '#include <triune/triune.hpp>\nstd::size_t leaks() { return triune::default_manager().report_leaks().size(); }\n'


def in_project(files):
    def wrap(test):
        def run(given):
            with tempfile.TemporaryDirectory() as folder:
                test(given, Project(given, folder, files))
        run.__name__ = test.__name__
        return run
    return wrap


def wrong_usage_exits_with_3_and_says_why(given):
    wrong = (["-p", "/nowhere"], ["--no-such-option"], ["--explain", "TRIUNE9999"], [], ["a.cpp"], ["-j", "0"], ["-j"],
             ["--report=sites.txt"], ["--exclude=("], ["--fix", "--undo"], ["--fix", "--status"], ["--", "-std=c++17"])
    for options in wrong:
        with tempfile.TemporaryDirectory() as empty:
            result = subprocess.run([given.tool, *options], capture_output=True, text=True, cwd=empty)
        check(result.returncode == 3 and result.stderr, f"{options}: exit {result.returncode}, said '{result.stderr}'")


def every_listed_rule_and_reason_is_explained(given):
    rules = subprocess.run([given.tool, "--list-rules"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in rules.splitlines() if line.startswith("TRIUNE")]
    check(len(names) >= 15 and len(set(names)) == len(names), f"rules: {names}")
    for name in names + ["macro-body", "dependent", "side-effects", "unit-failed", "hard-linked", "read-only"]:
        text = subprocess.run([given.tool, "--explain", name], capture_output=True, text=True)
        check(text.returncode == 0 and name in text.stdout and len(text.stdout) > 60, f"{name}: {text.stdout}")


@in_project({"a.cpp": LEGACY})
def a_diff_is_shown_and_nothing_is_written(given, project):
    project.database(["a.cpp"])
    result, report = project.run()
    check(result.returncode == 1, f"exit {result.returncode}: {result.stderr}")
    check("--- a/a.cpp" in result.stdout and "+#include <triune/triune.hpp>" in result.stdout, result.stdout)
    check(project.text("a.cpp") == LEGACY, "the file changed")
    check("2 sites" in result.stderr, result.stderr)
    check(report["totals"]["sites"] == 2 and report["version"] == 1, str(report))


@in_project({"lib/a.cpp": LEGACY, "app/b.cpp": LEGACY.replace("t leaks()", "t others()")})
def one_folder_takes_a_diff_wherever_it_was_made(given, project):
    project.database(["lib/a.cpp", "app/b.cpp"])
    root = project.source.parent
    for folder in (root, project.source, project.source / "lib", pathlib.Path("/")):
        result = subprocess.run([given.tool, "-p", str(project.build), f"--triune-include={given.new_api}"], cwd=folder,
                                capture_output=True, text=True)
        names = re.findall(r"^--- a/(\S+)$", result.stdout, re.M)
        taken = folder if folder in (root, project.source) else root
        check(sorted((taken / name) for name in names) == sorted(project.source / each for each in ("lib/a.cpp", "app/b.cpp")),
              f"from {folder}: {names}\n{result.stderr}")
        patched = subprocess.run(["patch", "--dry-run", "-p1", "-d", str(taken)], input=result.stdout, capture_output=True,
                                 text=True) if shutil.which("patch") else None
        check(patched is None or patched.returncode == 0, f"from {folder}: {patched and patched.stdout}")


@in_project({"a.cpp": LEGACY, "b.cpp": "int nothing() { return 0; }\n"})
def units_that_see_no_legacy_header_are_skipped(given, project):
    project.database(["a.cpp", "b.cpp"])
    result, report = project.run("--fix")
    check(result.returncode == 0, f"exit {result.returncode}: {result.stderr}")
    check(report["units"] == {"parsed": 1, "skipped": 1, "failed": 0}, str(report["units"]))
    check(project.text("a.cpp") == MIGRATED, project.text("a.cpp"))


@in_project({"a.cpp": LEGACY, "b.cpp": '#include "no/such/header.hpp"\n' + LEGACY.replace("leaks", "more", 1)})
def a_unit_that_fails_to_parse_stops_neither_the_others_nor_the_accounting(given, project):
    project.database(["a.cpp", "b.cpp"])
    before = project.text("b.cpp")
    result, report = project.run("--fix")
    check(result.returncode == 2, f"exit {result.returncode}: {result.stderr}")
    check(project.text("a.cpp") == MIGRATED and project.text("b.cpp") == before, "the wrong file was edited")
    unseen = [site for site in report["sites"] if site["state"] == "unseen"]
    check(len(unseen) == 2 and all(site["reason"] == "unit-failed" and site["file"] == "b.cpp" for site in unseen),
          str(report["sites"]))


@in_project({"shared.hpp": LEGACY.replace("std::size_t leaks", "inline std::size_t leaks"), "a.cpp": '#include "shared.hpp"\n',
             "b.cpp": '#include "other.hpp"\n'})
def a_header_under_two_names_is_edited_once(given, project):
    os.symlink("shared.hpp", project.source / "other.hpp")
    project.database(["a.cpp", "b.cpp"])
    result, report = project.run("--fix")
    check(result.returncode == 0, f"exit {result.returncode}: {result.stderr}")
    check(report["totals"]["sites"] == 2, str(report["sites"]))
    check(os.path.islink(project.source / "other.hpp"), "the link became a file")
    check(project.text("shared.hpp").count("triune::") == 1, project.text("shared.hpp"))


@in_project({"a.cpp": LEGACY})
def file_modes_are_kept(given, project):
    os.chmod(project.source / "a.cpp", 0o640)
    project.database(["a.cpp"])
    project.run("--fix")
    check(os.stat(project.source / "a.cpp").st_mode & 0o777 == 0o640, "the mode changed")


@in_project({"a.cpp": LEGACY, "b.cpp": LEGACY})
def excluded_files_are_counted_and_left_alone(given, project):
    project.database(["a.cpp", "b.cpp"])
    result, report = project.run("--fix", "--exclude=b[.]cpp$")
    check(result.returncode == 1, f"exit {result.returncode}: {result.stderr}")
    check(project.text("a.cpp") == MIGRATED and project.text("b.cpp") == LEGACY, "the wrong file was edited")
    check(report["totals"]["blocked"] == 2, str(report["totals"]))


@in_project({"a.cpp": LEGACY + "namespace triune { int default_manager = 0; }\n"})
def an_edit_that_does_not_parse_is_taken_back(given, project):
    project.database(["a.cpp"])
    before = project.text("a.cpp")
    result, report = project.run("--fix")
    check(result.returncode == 4, f"exit {result.returncode}: {result.stderr}")
    check(project.text("a.cpp") == before, project.text("a.cpp"))
    check({site["reason"] for site in report["sites"]} == {"verify", "group"}, str(report["sites"]))


@in_project({"a.cpp": LEGACY})
def the_status_counts_and_shows_no_diff(given, project):
    project.database(["a.cpp"])
    result, report = project.run("--status")
    check(result.returncode == 1 and result.stdout == "", result.stdout)
    check(report["totals"]["sites"] == 2, str(report))


@in_project({"a.cpp": LEGACY})
def flags_of_other_compilers_do_not_matter(given, project):
    project.database(["a.cpp"], ["-Winvalid-pch", "-fmax-errors=3", "-Wno-such-warning-anywhere", "-Werror", "-fconcepts"])
    result, _ = project.run("--fix")
    check(result.returncode == 0, f"exit {result.returncode}: {result.stderr}")


def main():
    given = arguments()
    for test in (wrong_usage_exits_with_3_and_says_why, every_listed_rule_and_reason_is_explained,
                 a_diff_is_shown_and_nothing_is_written, one_folder_takes_a_diff_wherever_it_was_made,
                 units_that_see_no_legacy_header_are_skipped,
                 a_unit_that_fails_to_parse_stops_neither_the_others_nor_the_accounting,
                 a_header_under_two_names_is_edited_once, file_modes_are_kept,
                 excluded_files_are_counted_and_left_alone, an_edit_that_does_not_parse_is_taken_back,
                 the_status_counts_and_shows_no_diff, flags_of_other_compilers_do_not_matter):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    main()
