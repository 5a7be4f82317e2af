#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what the documents say, with the installed package: every block of CMake, and the tutorial from end to end.

Usage: documents_run_test.py ROOT PREFIX WORK_DIR CMAKE COMPILER. Each ```cmake block becomes a project and is configured;
programs that it names and does not add are there. The tutorial's files are written, and its commands run, with PREFIX as
~/triune; those of triune-migrate only where it is installed. (C++ blocks: tests/documents/examples_test.py.)
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT, PREFIX, WORK = (pathlib.Path(each).resolve() for each in sys.argv[1:4])
CMAKE, COMPILER = sys.argv[4:6]
sys.path.insert(0, str(ROOT / "tests/documents"))
from documents import documents  # noqa: E402

BLOCK = re.compile(r"^([ ]*)```(\w+)\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
ENVIRONMENT = dict(os.environ, HOME=str(WORK / "home"), CXX=COMPILER, CMAKE_GENERATOR="Ninja", TRIUNE_DEVICE="sim",
                   CMAKE_PREFIX_PATH=str(PREFIX), PATH=f"{pathlib.Path(CMAKE).parent}:{os.environ['PATH']}")


def blocks(document, language):
    return [text for _, kind, text in BLOCK.findall(document.read_text(encoding="utf-8")) if kind == language]


def run(command, folder, allowed=(0,)):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode not in allowed:
        sys.exit(f"{folder}: {command}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def project(block):
    """A whole project around a block that may be a part of one."""
    lines = ["cmake_minimum_required(VERSION 3.25)"]
    if "project(" not in block:
        lines.append("project(from_a_document LANGUAGES CXX)")
    if "find_package(" not in block and "FetchContent" not in block:
        lines.append("find_package(triune 0.1 REQUIRED)")
    added = re.findall(r"add_executable\((\w+)", block)
    for target in dict.fromkeys(re.findall(r"(?:target_link_libraries|triune_track_migration)\((\w+)", block)):
        if target not in added:
            lines.append(f"add_executable({target} first_program.cpp)")
    return "\n".join([*lines, block])


def configure_every_block(sources):
    count = 0
    for document in documents(ROOT):
        for block in blocks(document, "cmake"):
            count += 1
            folder = WORK / f"block_{count}"
            (folder / "third_party").mkdir(parents=True)
            (folder / "third_party/triune").symlink_to(ROOT)
            for name, text in sources.items():
                (folder / name).write_text(text)
            (folder / "CMakeLists.txt").write_text(project(block))
            print(f"{document.relative_to(ROOT)}: configure\n{block}", flush=True)
            run("cmake -B build", folder)
    assert count >= 8, f"only {count} blocks of CMake were found: the test reads too little"


def follow_the_tutorial(sources, lists, shell):
    first = WORK / "first"
    first.mkdir()
    (first / "first_program.cpp").write_text(sources["first_program.cpp"])
    (first / "CMakeLists.txt").write_text(lists[0])
    said = run(f"set -e\n{shell[1]}", first)
    assert "simulated" in said and said.endswith("5000 positions, the last is 0\n"), said

    legacy = WORK / "legacy"
    legacy.mkdir()
    (legacy / "legacy_program.cpp").write_text(sources["legacy_program.cpp"])
    begin = "".join(lists[0].splitlines(keepends=True)[:2])
    (legacy / "CMakeLists.txt").write_text(begin + lists[1])
    if not (PREFIX / "bin/triune-migrate").exists():
        print("passed by: triune-migrate is not installed")
        return
    for command in shell[2].splitlines():
        run(command, legacy, (0, 1) if "--fix" not in command else (0,))
    assert "utils::" not in (legacy / "legacy_program.cpp").read_text(), "the tutorial's program is not migrated"
    (legacy / "CMakeLists.txt").write_text(begin + lists[1] + lists[2])
    run("cmake --build build && build/legacy_program", legacy)
    run("~/triune/bin/triune-migrate -p build --undo", legacy, (0, 1))
    assert (legacy / "legacy_program.cpp").read_text() == sources["legacy_program.cpp"], "--undo has not"


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "home").mkdir(parents=True)
    (WORK / "home/triune").symlink_to(PREFIX)
    tutorial = ROOT / "docs/tutorial.md"
    programs = [text for text in blocks(tutorial, "cpp") if "int main()" in text]
    sources = {"first_program.cpp": programs[0], "legacy_program.cpp": programs[1]}
    configure_every_block(sources)
    follow_the_tutorial(sources, blocks(tutorial, "cmake"), blocks(tutorial, "sh"))


main()
