#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a unit includes and what a word means come from the preprocessor, not from a search of texts."""
import json
import os
import sys

from workspace import arguments, check, in_project, legacy

STORE = """#pragma once
#include "utils/gpu_memory.hpp"
inline utils::DeviceBuffer<float>& positions() {
    static utils::DeviceBuffer<float> held = utils::DeviceBuffer<float>::zeroed(3);
    return held;
}
inline std::size_t stored() { return positions().len(); }
"""
COUNT = "std::size_t count() { return positions().len(); }\n"


def reasons(report):
    return {(each["file"].rsplit("/", 1)[-1], each["line"], each["symbol"].rsplit("::", 1)[-1]): each["reason"]
            for each in report["sites"]}


@in_project({"a.cpp": '#include "store.hpp"\n' + COUNT, "far/store.hpp": STORE})
def a_header_that_only_the_environment_finds_is_seen(project):
    os.environ["CPATH"] = str(project.source / "far")
    result, report = project.run("--fix")
    del os.environ["CPATH"]
    check(result.returncode == 0 and report["units"]["parsed"] == 1, f"{report['units']} {result.stderr}")
    check("positions().size()" in project.text("a.cpp") and "len" not in project.text("far/store.hpp"), project.text("a.cpp"))


@in_project({"a.cpp": COUNT, "store.hpp": STORE})
def what_a_precompiled_header_of_cmake_includes_is_the_projects(project):
    prefix = project.build / "cmake_pch.hxx"
    prefix.write_text(f'#pragma GCC system_header\n#ifdef __cplusplus\n#include "{project.source}/store.hpp"\n#endif\n')
    project.database(["a.cpp"], ["-Winvalid-pch", "-include", str(prefix)])
    result, report = project.run("--fix")
    check(result.returncode == 0, result.stderr)
    for name in ("a.cpp", "store.hpp"):
        check("len" not in project.text(name) and "utils::" not in project.text(name), project.text(name))


@in_project({"a.cpp": """#define HEADER <utils/gpu_memory.hpp>
#include HEADER
std::size_t a() { return utils::check_gpu_memory_leaks().size(); }
"""})
def a_legacy_header_that_a_macro_names_is_never_cut(project):
    result, report = project.run("--fix")
    after = project.text("a.cpp")
    check(result.returncode == 1 and "#define HEADER <utils/gpu_memory.hpp>\n" in after and "#include HEADER\n" in after, after)
    check("#include <triune/triune.hpp>\n" in after and "report_leaks" in after, after)
    check("computed-include" in reasons(report).values(), str(report["sites"]))
    again, _ = project.run("--fix")
    check(again.returncode == 1 and project.text("a.cpp") == after, project.text("a.cpp"))


ASKS = """#pragma once
#if __has_include("utils/unified_gpu_compute.hpp")
#define GPU 1
#endif
"""


@in_project({"with.cpp": '#include "asks.hpp"\n' + legacy("leaks"), "without.cpp": '#include "asks.hpp"\nint without = 1;\n',
             "asks.hpp": ASKS})
def a_header_that_only_some_units_have_stays_asked_for(project):
    database = project.build / "compile_commands.json"
    commands = json.loads(database.read_text())
    commands[1]["arguments"].remove(f"-I{project.given.legacy}")
    database.write_text(json.dumps(commands))
    result, report = project.run("--fix")
    check(project.text("asks.hpp") == ASKS, project.text("asks.hpp"))
    check("report_leaks" in project.text("with.cpp") and result.returncode == 1, f"{result.stderr}")
    check(reasons(report)[("asks.hpp", 2, "utils/unified_gpu_compute.hpp")] == "two-meanings", str(report["sites"]))


@in_project({"a.cpp": """#ifdef WITH_GPU
#include "utils/device_buffer.hpp"
using Held = utils::DeviceBuffer<float>;
#else
#include <cstddef>
struct Held { std::size_t len() const { return 3; } std::size_t size() const { return 12; } };
#endif
std::size_t count(const Held& held) { return held.len(); }
"""})
def both_places_of_a_word_with_two_meanings_are_sites(project):
    project.database(["a.cpp", "a.cpp"])
    database = json.loads((project.build / "compile_commands.json").read_text())
    database[0]["arguments"].insert(1, "-DWITH_GPU")
    (project.build / "compile_commands.json").write_text(json.dumps(database))
    result, report = project.run("--fix")
    told = reasons(report)
    check(result.returncode == 1 and told.get(("a.cpp", 8, "len")) == "two-meanings", str(told))
    check(told.get(("a.cpp", 6, "len")) == "two-meanings", str(told))
    check("held.len()" in project.text("a.cpp"), project.text("a.cpp"))


def main():
    given = arguments()
    for test in (a_header_that_only_the_environment_finds_is_seen, what_a_precompiled_header_of_cmake_includes_is_the_projects,
                 a_legacy_header_that_a_macro_names_is_never_cut, a_header_that_only_some_units_have_stays_asked_for,
                 both_places_of_a_word_with_two_meanings_are_sites):
        test(given)
        print(test.__name__)
    sys.exit(0)


if __name__ == "__main__":
    main()
