#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one golden case of the rewriter: before, diagnostics, after.

A case is a folder with before.cpp and after.cpp, or with the folders before/ and after/, and diagnostics.txt: one line
a site, `file:line:column symbol state [reason] [(note)]`, then `exit N` for the run with --fix. options.txt, where there
is one, holds further options, one a line. A case with a main() is run as well, before and after: it must print the same
and exit with the same status.
With --update the expectations are written instead of compared; read them before committing them.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import program
from workspace import add_library_arguments


def fail(message):
    print(message, file=sys.stderr)
    sys.exit(1)


def read_tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def write_tree(folder, tree):
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def expected_tree(case, stage):
    if (case / stage).is_dir():
        return read_tree(case / stage)
    return {"before.cpp": (case / f"{stage}.cpp").read_bytes()}


class Workspace:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.source = folder / "source"
        self.build = folder / "build"
        self.source.mkdir()
        self.build.mkdir()
        write_tree(self.source, expected_tree(arguments.case, "before"))
        commands = []
        for path in sorted(self.source.rglob("*.cpp")):
            command = ["c++", "-std=c++17", f"-I{self.source}", f"-I{arguments.legacy}", "-Wall", "-Werror", "-c",
                       str(path), "-o", "x.o"]
            commands.append({"directory": str(self.build), "file": str(path), "arguments": command})
        (self.build / "compile_commands.json").write_text(json.dumps(commands))

    def migrate(self, *options):
        report = self.build / "report.json"
        given = self.arguments.case / "options.txt"
        own = given.read_text().splitlines() if given.exists() else []
        command = [self.arguments.tool, "-p", str(self.build), f"--triune-include={self.arguments.new_api}",
                   f"--report={report}", *own, *options]
        result = subprocess.run(command, cwd=self.source, capture_output=True)
        result.stderr = result.stderr.decode(errors="replace")
        if not report.exists():
            fail(f"no report; the tool said:\n{result.stderr}")
        answer = json.loads(report.read_text())
        report.unlink()
        check_totals(answer)
        return result, answer


def check_totals(report):
    states = [site["state"] for site in report["sites"]]
    totals = report["totals"]
    for state in ("migrated", "blocked", "unseen"):
        if totals[state] != states.count(state):
            fail(f"the total of {state} sites is not their number")
    if totals["sites"] != totals["migrated"] + totals["blocked"] + totals["unseen"]:
        fail("the totals do not add up")
    for site in report["sites"]:
        if (site["state"] == "migrated") != (site["reason"] == ""):
            fail(f"a site must have a reason exactly where it was not migrated: {site}")


def diagnostics(report, status):
    lines = []
    for site in report["sites"]:
        name = site["file"]
        line = f"{name}:{site['line']}:{site['column']} {site['symbol']} {site['state']} {site['reason']}".rstrip()
        lines.append(line + (f" ({site['note']})" if "note" in site else ""))
    return "\n".join(lines + [f"exit {status}"]) + "\n"


def compare(what, expected, actual):
    if expected == actual:
        return
    import difflib
    text = "\n".join(difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm=""))
    fail(f"{what} differs:\n{text}")


def given_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--new-api", required=True)
    parser.add_argument("--legacy", required=True)
    add_library_arguments(parser)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("case", type=pathlib.Path)
    return parser.parse_args()


def check_expected(case, after, said, update):
    if update:
        (case / "diagnostics.txt").write_text(said)
        single = not (case / "before").is_dir()
        write_tree(case if single else case / "after", {"after.cpp" if single else name: text for name, text in after.items()})
    compare("the accounting", (case / "diagnostics.txt").read_text(), said)
    expected = expected_tree(case, "after")
    if sorted(expected) != sorted(after):
        fail(f"other files came out: {sorted(after)}")
    for name, text in expected.items():
        compare(name, text.decode("latin-1"), after[name].decode("latin-1"))


def check_patch(folder, before, diff, after):
    """A patch of the diff that was shown gives the same text as --fix."""
    if not diff or not shutil.which("patch"):
        return
    write_tree(folder, before)
    patch = subprocess.run(["patch", "--binary", "-p1", "-s"], cwd=folder, capture_output=True, input=diff)
    if patch.returncode != 0 or read_tree(folder) != after:
        fail(f"the diff does not say what --fix does:\n{patch.stdout.decode()}\n{diff.decode(errors='replace')}")


def check_second_run(work, after, left):
    again, second = work.migrate("--fix")
    if read_tree(work.source) != after:
        fail("a second run changed something")
    if second["totals"]["migrated"] != 0 or (left == 0 and (again.returncode != 0 or second["totals"]["sites"] != 0)):
        fail(f"after a complete run nothing is left to do, but the second run says {second['totals']}")


def main():
    arguments = given_arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        work = Workspace(arguments, folder)
        before = read_tree(work.source)
        running = program.Program(arguments, work.source, work.build)
        runs = running.linkable and program.has_main(work.source)
        if runs:
            printed = running.run("before", running.compile_legacy(), True)
        shown, report = work.migrate()
        if read_tree(work.source) != before:
            fail("a run without --fix changed a file")
        if shown.returncode == 0 and report["totals"]["sites"] > 0:
            fail("a run that left sites in place must not exit with 0")

        # The run before has verified these edits, and the patch below holds both to the same text. Where edits are
        # taken back, both must do it.
        taken_back = any(site["reason"] in ("verify", "resolves-otherwise") for site in report["sites"])
        fixed, report = work.migrate("--fix", *["--no-verify"] * (not taken_back))
        after = read_tree(work.source)
        if arguments.update:
            sys.stderr.write(fixed.stderr)
        check_expected(arguments.case, after, diagnostics(report, fixed.returncode), arguments.update)
        check_patch(folder / "patched", before, shown.stdout, after)
        left = report["totals"]["blocked"] + report["totals"]["unseen"]
        check_second_run(work, after, left)
        objects, facades = running.compile_migrated(left == 0)
        if runs:
            now = running.run("after", objects, facades)
            if now != printed:
                fail(f"the migrated program says {now} and not {printed}")
            if arguments.update:
                sys.stderr.write(f"printed, exit status: {now}\n")


if __name__ == "__main__":
    main()
