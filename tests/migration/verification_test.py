#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What verification takes back: what does not parse, and what would mean something else. Units that share their flags are
verified behind one precompiled header, and what that might hide is found all the same."""
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


# The overload is found by the namespace of its argument, which another class does not have.
LOOKED_UP = '''#include "utils/gpu_memory.hpp"
namespace utils { inline int kind(const DeviceBuffer<float>&) { return 1; } }
template <typename T> int kind(const T&) { return 2; }
int a() {
    utils::DeviceBuffer<float> buffer;
    return kind(buffer);
}
std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }
'''


@in_project({"a.cpp": LOOKED_UP, **PLAIN})
def a_call_that_would_be_of_another_function_is_taken_back(project):
    project.database(["a.cpp", *PLAIN], FLAGS)
    result, report = project.run("--fix", "-j2")
    check(result.returncode == 1, result.stderr)
    sites = {(site["line"], site["symbol"]): site for site in report["sites"] if site["file"] == "a.cpp"}
    first = sites[2, "utils::DeviceBuffer"]
    check(first["reason"] == "resolves-otherwise", str(first))
    said = "a.cpp:6: the function called would be kind (a.cpp:3) here, and was utils::kind (a.cpp:2)"
    check(first["message"] == said and said in result.stderr, f"{first}\n{result.stderr}")
    check(sites[5, "utils::DeviceBuffer"]["state"] == "blocked", str(sites))
    check(sites[8, "utils::check_gpu_memory_leaks"]["state"] == "migrated", str(sites))
    others_are_migrated(report)


@in_project({"a.cpp": LOOKED_UP})
def nothing_is_compared_without_verification(project):
    project.database(["a.cpp"], FLAGS)
    _, report = project.run("--no-verify")
    check(migrated(report, "a.cpp"), str(report["sites"]))


# One text for two classes, of which only one is the library's.
@in_project({"count.inc": "inline std::size_t count(const Block& block) { return block.size_bytes(); }\n",
             "a.cpp": '''#include "utils/gpu_memory.hpp"
struct Host { std::size_t size_bytes() const { return 3; } };
namespace device { using Block = utils::ManagedDeviceBuffer<float>;
#include "count.inc"
}
namespace host { using Block = Host;
#include "count.inc"
}
std::size_t a() {
    return device::count(utils::create_managed_buffer<float>(2, "a")) + host::count(Host());
}
'''})
def a_text_that_is_compiled_twice_has_both_its_meanings(project):
    project.database(["a.cpp"], FLAGS)
    _, report = project.run("--fix")
    reasons = {site["reason"] for site in report["sites"]}
    check("resolves-otherwise" not in reasons and "triune::default_manager()" in project.text("a.cpp"), str(report["sites"]))


# In one unit and then in another: the linker would take the first for both.
@in_project({"a.cpp": '#include "utils/gpu_memory.hpp"\nint weigh(utils::DeviceBuffer<int>&) { return 1; }\n',
             "b.cpp": '#include "utils/gpu_memory.hpp"\nint weigh(utils::ManagedDeviceBuffer<int>&) { return 2; }\n',
             "c.cpp": '#include "utils/gpu_memory.hpp"\nint weigh(utils::DeviceBuffer<char>&) { return 3; }\n'})
def functions_of_two_units_stay_two(project):
    _, report = project.run("--fix", "-j2")
    told = {site["file"]: site["reason"] for site in report["sites"] if site["symbol"].endswith("DeviceBuffer")}
    check(told == {"a.cpp": "resolves-otherwise", "b.cpp": "resolves-otherwise", "c.cpp": ""}, str(told))


@in_project({"a.cpp": '#include "utils/gpu_memory.hpp"\nint weigh(utils::DeviceBuffer<int>&) { return 1; }\n',
             "b.cpp": '#include "utils/gpu_memory.hpp"\nint weigh(utils::ManagedDeviceBuffer<int>&) { return 2; }\n'})
def one_of_them_goes_where_the_other_stays_anyway(project):
    _, report = project.run("--fix", "--exclude=b.cpp")
    told = {site["file"]: site["reason"] for site in report["sites"] if site["symbol"].endswith("DeviceBuffer")}
    check(told == {"a.cpp": "", "b.cpp": "excluded-file"}, str(told))


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
                 an_edit_that_breaks_a_unit_is_taken_back_with_its_message,
                 a_call_that_would_be_of_another_function_is_taken_back, nothing_is_compared_without_verification,
                 a_text_that_is_compiled_twice_has_both_its_meanings, functions_of_two_units_stay_two,
                 one_of_them_goes_where_the_other_stays_anyway, nothing_temporary_is_left):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    main()
