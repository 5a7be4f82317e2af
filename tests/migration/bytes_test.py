#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a file is made of beside its code stays as it is: bytes, line ends, modes, links; and how long a file may be."""
import itertools
import os
import sys
import tempfile

from workspace import Project, arguments, check

LEGACY = b"""#include "utils/gpu_memory.hpp"

// NOTE
static const char* const text = "NOTE";

std::size_t FUNCTION() {
\tif (text == nullptr) return 0; \t // NOTE
\treturn utils::check_gpu_memory_leaks().size();
}
"""
MIGRATED = LEGACY.replace(b'"utils/gpu_memory.hpp"', b"<triune/triune.hpp>").replace(
    b"utils::check_gpu_memory_leaks()", b"triune::default_manager().report_leaks()")
BOM = b"\xef\xbb\xbf"


def dressed(text, function, note, bom, line_end, final_line_end):
    text = text.replace(b"FUNCTION", function).replace(b"NOTE", note)
    if not final_line_end:
        text = text.removesuffix(b"\n")
    return (BOM if bom else b"") + text.replace(b"\n", line_end)


def in_folder(test):
    def run(given):
        with tempfile.TemporaryDirectory() as folder:
            test(Project(given, folder, {}))
    run.__name__ = test.__name__
    return run


def put(project, name, text):
    (project.source / name).write_bytes(text)
    return name


@in_folder
def bytes_stay_as_they_are(project):
    # Latin-1, UTF-8, what is neither, a form feed, spaces before the line's end.
    notes = (b"Gr\xf6\xdfe " + "Größe".encode() + b" \x80\xfe\x0c end  ", b"plain")
    kinds = list(itertools.product(notes, (False, True), (b"\n", b"\r\n"), (False, True)))
    names = [put(project, f"f{at}.cpp", dressed(LEGACY, b"f%d" % at, *kind)) for at, kind in enumerate(kinds)]
    project.database(names)
    result, report = project.run("--fix", "--no-verify", "-j2")
    check(result.returncode == 0 and report["totals"]["migrated"] == 2 * len(names), result.stderr)
    for at, kind in enumerate(kinds):
        now = (project.source / names[at]).read_bytes()
        wanted = dressed(MIGRATED, b"f%d" % at, *kind)
        check(now == wanted, f"{kind}:\n{now}\n--- and not\n{wanted}")
    project.run("--undo")
    for at, kind in enumerate(kinds):
        check((project.source / names[at]).read_bytes() == dressed(LEGACY, b"f%d" % at, *kind), f"{kind}: undo gives another text")


def plain(function):
    return LEGACY.replace(b"FUNCTION", function)


@in_folder
def modes_are_kept(project):
    modes = {"a.cpp": 0o600, "b.cpp": 0o755, "c.cpp": 0o664}
    for name, mode in modes.items():
        put(project, name, plain(name[:1].encode()))
        os.chmod(project.source / name, mode)
    project.database(list(modes))
    result, _ = project.run("--fix", "--no-verify")
    check(result.returncode == 0, result.stderr)
    for name, mode in modes.items():
        check(os.stat(project.source / name).st_mode & 0o7777 == mode and b"triune::" in (project.source / name).read_bytes(), name)


@in_folder
def what_cannot_be_replaced_is_left_with_its_reason(project):
    """A hard link's other name may lie anywhere: it would keep the old text, and the two would be one file no more."""
    shared = b"#pragma once\n" + plain(b"shared").replace(b"std::size_t", b"inline std::size_t")
    put(project, "shared.hpp", shared)
    os.link(project.source / "shared.hpp", project.source / "other.hpp")
    put(project, "linked.cpp", b'#include "shared.hpp"\n#include "other.hpp"\n')
    put(project, "guarded.cpp", plain(b"guarded"))
    os.chmod(project.source / "guarded.cpp", 0o444)
    put(project, "free.cpp", plain(b"free_to_go"))
    project.database(["linked.cpp", "guarded.cpp", "free.cpp"])
    result, report = project.run("--fix")
    check(result.returncode == 1, f"exit {result.returncode}: {result.stderr}")
    check((project.source / "free.cpp").read_bytes() == MIGRATED.replace(b"FUNCTION", b"free_to_go"), "the free file was left")
    check((project.source / "shared.hpp").read_bytes() == shared and os.path.samefile(project.source / "shared.hpp",
          project.source / "other.hpp"), "a name of the linked file has changed")
    check((project.source / "guarded.cpp").read_bytes() == plain(b"guarded"), "the read-only file was written to")
    reasons = {(os.path.splitext(site["file"])[0], site["reason"]) for site in report["sites"] if site["symbol"].startswith("utils::")}
    check({("guarded", "read-only"), ("free", "")} < reasons and reasons & {("shared", "hard-linked"), ("other", "hard-linked")},
          str(reasons))
    for reason in ("hard-linked", "read-only"):
        check(reason in result.stderr, f"the summary does not name {reason}: {result.stderr}")


@in_folder
def two_hundred_thousand_lines_take_seconds(project):
    lines = [b'#include "utils/gpu_memory.hpp"\n']
    lines += [b"int v%d = %d;\n" % (at, at) for at in range(220000)]
    for at in range(0, len(lines) - 1, 1000):
        lines[at + 1] = b"std::size_t f%d() { return utils::check_gpu_memory_leaks().size(); }\n" % at
    put(project, "long.cpp", b"".join(lines))
    project.database(["long.cpp"])
    # Killed by the tool itself where a step is not linear; how fast it is else is no business of a test.
    result, report = project.run("--fix", "--unit-timeout=60")
    check(result.returncode == 0 and report["totals"] == {"sites": 221, "migrated": 221, "blocked": 0, "unseen": 0}, result.stderr)
    after = b"".join(lines).replace(b'"utils/gpu_memory.hpp"', b"<triune/triune.hpp>").replace(
        b"utils::check_gpu_memory_leaks()", b"triune::default_manager().report_leaks()")
    check((project.source / "long.cpp").read_bytes() == after, "another text came out")


def main():
    given = arguments()
    for test in (bytes_stay_as_they_are, modes_are_kept, what_cannot_be_replaced_is_left_with_its_reason,
                 two_hundred_thousand_lines_take_seconds):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
