#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A project that came from somebody else: nothing that it names is loaded, and nothing outside of it is written."""
import json
import os
import sys
import tempfile

from workspace import arguments, check, in_project, legacy


@in_project({"a.cpp": legacy("a"), "flags.cfg": "-fplugin=/nowhere/from_file.so -DFROM_FILE\n"})
def plugins_of_a_database_are_left_out_with_a_note(project):
    project.database(["a.cpp"], ["-fplugin=/nowhere/one.so", "-fpass-plugin=/nowhere/two.so", "-Xclang", "-load", "-Xclang",
                                 "/nowhere/three.so", "-Xclang", "-add-plugin", "-Xclang", "four", "--config",
                                 str(project.source / "flags.cfg")])
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["failed"] == 0, result.stderr)
    for name in ("one.so", "two.so", "three.so", "four", "from_file.so"):
        check(f"{name}' is left out: no code" in result.stderr, f"{name}: {result.stderr}")


@in_project({"a.cpp": legacy("a"), "flags.cfg": "-Xclang=-load -Xclang=/nowhere/two.so\n"})
def so_are_plugins_in_the_other_spelling(project):
    project.database(["a.cpp"], ["-Xclang=-load", "-Xclang=/nowhere/one.so", "--config", str(project.source / "flags.cfg")])
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["failed"] == 0, result.stderr)
    for name in ("one.so", "two.so"):
        check(f"{name}' is left out: no code" in result.stderr, f"{name}: {result.stderr}")


@in_project({"a.cpp": legacy("a")})
def files_that_never_end_are_not_read(project):
    project.database(["a.cpp"], ["--config=/dev/zero", "@/dev/zero"])
    result, report = project.run("--fix")
    check(result.returncode in (0, 1, 4) and report is not None, result.stderr)


@in_project({"a.cpp": legacy("a"), "again.txt": "-DONE --options-file again.txt\n"})
def a_file_of_options_that_names_itself_is_read_a_few_times(project):
    project.database(["a.cpp"], ["--options-file", str(project.source / "again.txt")])
    commands = json.loads((project.build / "compile_commands.json").read_text())
    for each in commands:
        if "arguments" in each:
            each["arguments"][0] = "nvcc"
        else:
            each["command"] = "nvcc " + each["command"].split(" ", 1)[1]
    (project.build / "compile_commands.json").write_text(json.dumps(commands))
    result, report = project.run("--status")
    check(result.returncode in (0, 1, 4) and "crash" not in result.stderr, f"{result.returncode}: {result.stderr}")


@in_project({"a.cpp": '#include "inside.hpp"\n#include "shared.hpp"\n', "inside.hpp": "inline " + legacy("inside").split("\n", 1)[1]})
def a_link_out_of_the_project_is_not_followed_by_an_edit(project):
    shared = legacy("shared").replace("std::size_t", "inline std::size_t")
    (project.source / "inside.hpp").write_text(legacy("inside").replace("std::size_t", "inline std::size_t"))
    with tempfile.TemporaryDirectory() as elsewhere:
        outside = os.path.join(os.path.realpath(elsewhere), "shared.hpp")
        with open(outside, "w") as stream:
            stream.write(shared)
        os.symlink(outside, project.source / "shared.hpp")
        result, report = project.run("--fix")
        with open(outside) as stream:
            check(stream.read() == shared, "a file outside was edited")
    check("report_leaks" in project.text("inside.hpp"), project.text("inside.hpp"))
    check("outside-project" in {each["reason"] for each in report["sites"]} and result.returncode == 1, str(report["sites"]))


@in_project({"a.cpp": legacy("a")})
def a_journal_that_names_a_file_outside_restores_nothing(project):
    result, _ = project.run("--fix")
    check(result.returncode == 0, result.stderr)
    after = project.text("a.cpp")
    with tempfile.TemporaryDirectory() as elsewhere:
        outside = os.path.join(os.path.realpath(elsewhere), "profile")
        with open(outside, "w") as stream:
            stream.write(after)
        (journal,) = (project.build / ".triune-migrate").glob("*/journal")
        told = json.loads(journal.read_text())
        told["files"].append(dict(told["files"][0], path=outside))
        journal.write_text(json.dumps(told))
        result, _ = project.run("--undo")
        check(result.returncode == 4 and outside in result.stderr, f"{result.returncode}: {result.stderr}")
        with open(outside) as stream:
            check(stream.read() == after and project.text("a.cpp") == after, "something was restored")


@in_project({"a.cpp": legacy("a")})
def journals_that_anybody_could_have_written_are_not_trusted(project):
    result, _ = project.run("--fix")
    check(result.returncode == 0, result.stderr)
    after = project.text("a.cpp")
    folder = project.build / ".triune-migrate"
    os.chmod(folder, 0o777)
    for option in ("--undo", "--fix"):
        result, _ = project.run(option)
        check(result.returncode == 4 and "everybody may write" in result.stderr, f"{result.returncode}: {result.stderr}")
    os.chmod(folder, 0o700)
    if os.geteuid() == 0:
        os.chown(folder, 4242, 4242)
        result, _ = project.run("--undo")
        check(result.returncode == 4 and "another user" in result.stderr, f"{result.returncode}: {result.stderr}")
        os.chown(folder, 0, 0)
    check(project.text("a.cpp") == after, "something was restored")
    result, _ = project.run("--undo")
    check(result.returncode == 0 and project.text("a.cpp") == legacy("a"), result.stderr)


def main():
    given = arguments()
    for test in (plugins_of_a_database_are_left_out_with_a_note, a_link_out_of_the_project_is_not_followed_by_an_edit,
                 a_journal_that_names_a_file_outside_restores_nothing, journals_that_anybody_could_have_written_are_not_trusted):
        test(given)
        print(test.__name__)
    sys.exit(0)


if __name__ == "__main__":
    main()
