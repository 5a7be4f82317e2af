#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Units that share their flags are verified behind one precompiled header: what that might hide is found all the same."""
import os
import pathlib
import subprocess
import tempfile

from workspace import arguments, check, in_project, legacy

FLAGS = ["-std=c++20", "-DSHARED=1"]
PLAIN = {"b.cpp": legacy("b"), "c.cpp": legacy("c")}


def compiles(project, name):
    given = project.given
    return subprocess.run(["clang++-19" if pathlib.Path("/usr/bin/clang++-19").exists() else "c++", "-std=c++20", "-fsyntax-only",
                           "-w", f"-I{project.source}", f"-I{given.facades}", f"-I{given.new_api}", str(project.source / name)],
                          capture_output=True, text=True)


def migrated(report, name):
    return {site["state"] for site in report["sites"] if site["file"] == name} == {"migrated"}


def others_are_migrated(report):
    for name in PLAIN:
        check(migrated(report, name), f"{name}: {report['sites']}")


# As X11 does. Behind the header it would change nothing.
@in_project({"a.cpp": "#define Status int\n" + legacy("a"), **PLAIN})
def a_macro_that_changes_the_new_header_is_noticed(project):
    project.database(["a.cpp", *PLAIN], FLAGS)
    _, report = project.run("--fix", "-j2")
    check(not migrated(report, "a.cpp"), "the unit does not compile any more")
    check(compiles(project, "a.cpp").returncode == 0, project.text("a.cpp"))
    others_are_migrated(report)


# The place of the new header is behind what lives on the legacy one.
@in_project({"mine.hpp": "#pragma once\nstd::vector<int> mine();\n",
             "a.cpp": '#include "utils/gpu_memory.hpp"\n#include "mine.hpp"\n#include <triune/triune.hpp>\n'
                      "std::size_t a() { return utils::check_gpu_memory_leaks().size() + mine().size(); }\n", **PLAIN})
def a_header_that_lives_on_the_one_before_it_is_noticed(project):
    project.database(["a.cpp", *PLAIN], [*FLAGS, f"-idirafter{project.given.new_api}"])
    _, report = project.run("--fix", "-j2")
    done = compiles(project, "a.cpp")
    check(done.returncode == 0, f"{project.text('a.cpp')}\n{done.stderr}")
    others_are_migrated(report)


# A variable of that name: the edit breaks the unit, and the message is the parser's own.
@in_project({"a.cpp": "int triune = 0;\n" + legacy("a"), **PLAIN})
def an_edit_that_breaks_a_unit_is_taken_back_with_its_message(project):
    project.database(["a.cpp", *PLAIN], FLAGS)
    result, report = project.run("--fix", "-j2")
    check(not migrated(report, "a.cpp"), str(report["sites"]))
    check(compiles(project, "a.cpp").returncode == 0, project.text("a.cpp"))
    check("triune" in result.stderr and ".pch" not in result.stderr, result.stderr)
    others_are_migrated(report)


@in_project(PLAIN)
def nothing_temporary_is_left(project):
    project.database(list(PLAIN), FLAGS)
    with tempfile.TemporaryDirectory() as scratch:
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = scratch
        try:
            _, report = project.run("--fix", "-j2")
        finally:
            os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)
        check(os.listdir(scratch) == [], str(os.listdir(scratch)))
    others_are_migrated(report)


def main():
    given = arguments()
    for test in (a_macro_that_changes_the_new_header_is_noticed, a_header_that_lives_on_the_one_before_it_is_noticed,
                 an_edit_that_breaks_a_unit_is_taken_back_with_its_message, nothing_temporary_is_left):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    main()
