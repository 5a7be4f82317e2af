#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the terminal shows of the places that stay: a line each as compilers warn, so that editors find the place."""
import os
import pty
import re
import subprocess

from workspace import arguments, check, in_project

WARNING = re.compile(r"(?m)^([^:\n]+):(\d+):(\d+): warning: '([^']+)' stays: ([^\n]+) \[([a-z-]+)\]$")
CALL = "std::size_t {}() {{ return utils::check_gpu_memory_leaks().size(); }}{}\n"
KEEP = "  // triune-migrate: keep"
MIXED = {
    "src/a.cpp": '#include "utils/gpu_memory.hpp"\n' + CALL.format("gone", "") + "/* é */ " + CALL.format("kept", KEEP) +
                 "#ifdef NEVER\nauto usage = utils::get_gpu_memory_usage();\n#endif\n",
    # Two calls that go together with a buffer that cannot go, since the macro's two arguments have side effects both.
    "b.cpp": '#include "utils/gpu_memory.hpp"\n#include <string>\nstd::size_t number();\nstd::string name();\n'
             "#define MADE(n, s) utils::create_managed_buffer<float>(n, s)\nstd::size_t b() {\n"
             "    auto buffer = MADE(number(), name());\n"
             "    return buffer.as_device_buffer().len();\n}\n",
}


def told(text):
    return [(file, int(line), int(column), symbol, words, code)
            for file, line, column, symbol, words, code in WARNING.findall(text)]


def command(project, *options):
    return [project.given.tool, "-p", str(project.build), f"--triune-include={project.given.new_api}", *options]


@in_project(MIXED)
def each_place_that_stays_is_a_compilers_warning(project):
    for mode in ("--status", "--no-verify"):
        result, report = project.run(mode)
        lines = told(result.stderr)
        left = [site for site in report["sites"] if site["state"] != "migrated"]
        check([(site["file"], site["line"], site["column"], site["symbol"], site["reason"]) for site in left] ==
              [(*line[:4], line[5]) for line in lines], f"{left}\n{result.stderr}")
        check({site["state"] for site in left} == {"blocked", "unseen"}, str(left))
        check(result.stderr.count("warning:") == len(lines), result.stderr)
        words = {line[5]: line[4] for line in lines}
        check(words["kept"] == "a comment keeps it" and words["excluded-branch"] == "no parsed configuration compiles it", str(words))
        check("\033" not in result.stderr, "colours where there is no terminal")
        check(result.stderr.index("warning:") < result.stderr.index(" sites: "), "the summary is not behind the warnings")
        for line, site in zip(lines, left):
            if site["reason"] == "group":
                check(line[4] == "it waits for " + site["waits_for"].rsplit(":", 1)[0], f"{line}, {site}")
        check("it waits for b.cpp:5" in {line[4] for line in lines}, str(lines))


# The call under the removed line stands a line higher now, and that is where an editor has to go.
@in_project({"a.cpp": '#include "gpu/dynamic_buffer_manager.hpp"\n#include "utils/gpu_memory.hpp"\n#include <triune/triune.hpp>\n'
                      "auto gone = gpu::BufferConfig::for_edges();\n" + CALL.format("kept", KEEP)})
def after_a_fix_the_places_are_those_on_the_disk(project):
    result, _ = project.run("--fix")
    lines = project.text("a.cpp").splitlines()
    check(len(lines) == 4, project.text("a.cpp"))
    here = [line for line in told(result.stderr) if line[5] == "kept"]
    check(len(here) == 1 and lines[here[0][1] - 1][here[0][2] - 1:].startswith("check_gpu_memory_leaks"), f"{here}: {lines}")
    (waits,) = [line for line in told(result.stderr) if line[5] == "group"]
    check(waits[4] == f"it waits for a.cpp:{here[0][1]}", str(waits))


@in_project({"a.cpp": '#include "utils/gpu_memory.hpp"\n' + "".join(CALL.format(f"f{at}", KEEP) for at in range(300))})
def many_places_are_cut_and_counted(project):
    result, _ = project.run("--status")
    check(len(told(result.stderr)) == 200 and "101 more places stay" in result.stderr, result.stderr)
    check(str(project.build / "report.json") in result.stderr and "--max-warnings=0" in result.stderr, result.stderr[-800:])
    result, _ = project.run("--status", "--max-warnings=3")
    check(len(told(result.stderr)) == 3 and "298 more places stay" in result.stderr, result.stderr)
    result, _ = project.run("--status", "--max-warnings", "0")
    check(len(told(result.stderr)) == 301 and "more places stay" not in result.stderr, result.stderr[-800:])
    result, _ = project.run("--status", "--max-warnings=301")
    check(len(told(result.stderr)) == 301 and "more places stay" not in result.stderr, result.stderr[-800:])
    unasked = subprocess.run(command(project, "--status"), cwd=project.source, capture_output=True, text=True)
    check("--report=F.html lists every one" in unasked.stderr, unasked.stderr[-800:])
    wrong, _ = project.run("--status", "--max-warnings=some")
    check(wrong.returncode == 3 and "'--max-warnings' needs a number from 0 on, not 'some'" in wrong.stderr, wrong.stderr)
    zero, _ = project.run("-j", "0")
    check(zero.returncode == 3 and "'-j' needs a number from 1 on" in zero.stderr, zero.stderr)


@in_project(MIXED)
def quiet_is_quiet(project):
    result, _ = project.run("--status", "--quiet")
    check(result.stderr == "", result.stderr)


# A name that would otherwise end the line, or tell the terminal something.
@in_project({"a\n\033[2J\x7f.cpp": '#include "utils/gpu_memory.hpp"\n' + CALL.format("kept", KEEP)})
def a_files_name_cannot_write_to_the_terminal(project):
    result, _ = project.run("--status", "--no-verify")
    lines = [line for line in result.stderr.splitlines() if "warning:" in line]
    check(len(lines) == 2 and all(line.startswith("a??[2J?.cpp:") for line in lines), result.stderr)


# `a` outside of the folder in which the tool runs.
@in_project({"lib/a.cpp": '#include "utils/gpu_memory.hpp"\n' + CALL.format("kept", KEEP)})
def paths_are_relative_below_the_working_directory_alone(project):
    for folder, name in (("lib", "a.cpp"), (".", "lib/a.cpp"), ("../build", str(project.source / "lib/a.cpp"))):
        done = subprocess.run(command(project, "--status"), cwd=project.source / folder, capture_output=True, text=True)
        check({line[0] for line in told(done.stderr)} == {name}, f"{folder}: {done.stderr}")


def on_a_terminal(project, **environment):
    """What a terminal would be sent on stderr."""
    leader, follower = pty.openpty()
    ours = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(command(project, "--status"), cwd=project.source, stdout=subprocess.DEVNULL, stderr=follower,
                               env={**ours, "TERM": "xterm", **environment})
    os.close(follower)
    sent = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the last writer is gone
            part = b""
        if not part:
            break
        sent += part
    process.wait()
    os.close(leader)
    return sent.decode().replace("\r\n", "\n")


@in_project({"a.cpp": '#include "utils/gpu_memory.hpp"\n' + CALL.format("kept", KEEP)})
def a_terminal_gets_colours_unless_they_are_refused(project):
    sent = on_a_terminal(project)
    check("\033[1ma.cpp:2:" in sent and "\033[0;1;35mwarning: \033[0m'utils::" in sent, repr(sent))
    check(on_a_terminal(project, NO_COLOR="") == sent, "an empty NO_COLOR counts")
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = on_a_terminal(project, **environment)
        check(len(told(plain)) == 2 and "\033[1m" not in plain, f"{environment}: {plain!r}")


def main():
    given = arguments()
    for test in (each_place_that_stays_is_a_compilers_warning, after_a_fix_the_places_are_those_on_the_disk,
                 many_places_are_cut_and_counted, quiet_is_quiet, a_files_name_cannot_write_to_the_terminal,
                 paths_are_relative_below_the_working_directory_alone, a_terminal_gets_colours_unless_they_are_refused):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    main()
