#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/demo.sh --project over trees that it has never seen, built by a plain Makefile and by CMake."""
import hashlib
import json
import pathlib
import subprocess
import tempfile

from workspace import arguments, check

HEADER = """#pragma once
#include "utils/gpu_memory.hpp"
inline std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }
"""
MAIN = '#include "shared.hpp"\r\n#include <cstdio>\r\nint main() { return static_cast<int>(leaks()); }'
DEVICE = """#include "shared.hpp"
#include "shared_elsewhere.hpp"
#define SEEN(leaks) utils::check_gpu_memory_leaks().size() + (leaks)
std::size_t twice() { return SEEN(leaks()); }
std::size_t there() { return elsewhere(); }
"""
FILES = {"Makefile": "all: app\n", "include/shared.hpp": HEADER, "src/main.cpp": MAIN, "src/device/device.cpp": DEVICE,
         "src/device/own.hpp": HEADER.replace("leaks()", "own()", 1), "src/device/broken.cpp": '#include "lost.hpp"\n' + HEADER}


def fingerprint(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def demo(given, project, build, output):
    # Elsewhere than the project: nothing may depend on the folder that the demo is called from.
    return subprocess.run([str(pathlib.Path(given.root) / "tools" / "demo.sh"), "--project", str(project), "-p", str(build),
                           "--output", str(output), "--tool", given.tool], cwd="/", capture_output=True, text=True)


def in_a_folder(test):
    def run(given):
        with tempfile.TemporaryDirectory() as name:
            test(given, pathlib.Path(name).resolve())
    run.__name__ = test.__name__
    return run


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


@in_a_folder
def a_makefile_s_tree_is_migrated_in_a_copy_and_what_stays_is_said(given, folder):
    project, other = folder / "my app+", folder / "other"  # a name that no shell and no pattern takes as it is
    write(project, FILES)
    write(other, {"shared_elsewhere.hpp": HEADER.replace("leaks()", "elsewhere()", 1)})

    def entry(directory, file, include):
        return {"directory": directory, "file": file, "arguments": [
            "g++", "-std=c++17", f"-I{include}", f"-I{other}", f"-I{given.legacy}", "-MMD", "-c", file, "-o", "out.o"]}

    entries = [entry(".", "src/main.cpp", "include"), entry(".", "src/main.cpp", "include"),  # twice the same
               entry("src/device", "device.cpp", "../../include"),                            # as `make -C` does
               entry(".", "src/device/broken.cpp", "include"), entry(".", "src/generated.cpp", "include")]
    (project / "compile_commands.json").write_text(json.dumps(entries))
    before = fingerprint(folder)

    output = folder / "result"
    result = demo(given, project, project, output)
    said = result.stdout + result.stderr
    check(result.returncode == 0, said)
    check({name: text for name, text in fingerprint(folder).items() if not name.startswith("result/")} == before,
          "the tree, or what lies beside it, has changed")

    copy = output / "project"
    check(set(fingerprint(copy)) == set(fingerprint(project)), "the copy has other files")
    check("triune::default_manager().report_leaks().size()" in (copy / "include/shared.hpp").read_text(), said)
    check((copy / "src/main.cpp").read_bytes() == MAIN.encode(), "a file that spells nothing legacy has changed")
    for told in ("sites stay, unit-failed: src/device/broken.cpp:3:",
                 "failed  src/device/broken.cpp", "'lost.hpp' file not found", "failed  src/generated.cpp",
                 "names a file that is not there"):
        check(told in said, f"not said: {told}\n{said}")
    report = json.loads((output / "migration.json").read_text())
    check(report["units"] == {"parsed": 2, "skipped": 0, "failed": 2}, str(report["units"]))
    check("<html" in (output / "migration.html").read_text().lower(), "there is no page")

    # Again, as the migration goes on: the page draws the way.
    check(demo(given, project, project, output).returncode == 0, "the second run failed")
    check(len((output / "migration.jsonl").read_text().splitlines()) == 2, "the second run is not in the history")


@in_a_folder
def a_cmake_tree_with_its_build_elsewhere_is_migrated(given, folder):
    project, build, output = folder / "app", folder / "out of the tree", folder / "result"
    write(project, {"CMakeLists.txt": f"""cmake_minimum_required(VERSION 3.25)
project(app LANGUAGES CXX)
configure_file(generated.hpp.in generated.hpp)
add_library(app src/main.cpp)
target_include_directories(app PRIVATE include ${{PROJECT_BINARY_DIR}} "{given.legacy}")
target_compile_features(app PRIVATE cxx_std_17)
""", "generated.hpp.in": HEADER.replace("leaks()", "generated()", 1), "include/shared.hpp": HEADER,
                    "src/main.cpp": '#include "generated.hpp"\n#include "shared.hpp"\n'
                                    "std::size_t both() { return leaks() + generated(); }\n"})
    subprocess.run(["cmake", "-S", str(project), "-B", str(build), "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], check=True,
                   capture_output=True)
    before = fingerprint(folder)
    result = demo(given, project, build, output)
    check(result.returncode == 0, result.stdout + result.stderr)
    after = fingerprint(folder)
    check(all(after[name] == text for name, text in before.items()), "something outside the copy has changed")
    check("triune::" in (output / "project/include/shared.hpp").read_text(), result.stdout + result.stderr)
    # What the build makes is not the tree's: it stays, and is said.
    check(f"sites stay, excluded-file: {build}/generated.hpp:" in result.stdout, result.stdout)


@in_a_folder
def the_result_is_never_put_into_the_project(given, folder):
    write(folder, FILES | {"compile_commands.json": "[]"})
    before = fingerprint(folder)
    result = demo(given, folder, folder, folder / "result")
    check(result.returncode == 2 and "lies in the project" in result.stderr, result.stderr)
    check(fingerprint(folder) == before and not (folder / "result").exists(), "something was written")


def main():
    given = arguments()
    for test in (a_makefile_s_tree_is_migrated_in_a_copy_and_what_stays_is_said,
                 a_cmake_tree_with_its_build_elsewhere_is_migrated, the_result_is_never_put_into_the_project):
        test(given)
        print(test.__name__, flush=True)


if __name__ == "__main__":
    main()
