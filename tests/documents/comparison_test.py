# SPDX-License-Identifier: Apache-2.0
"""Checks that each row of docs/comparison.md ends with what shows it, and that this is there.

Usage: comparison_test.py ROOT. The last cell of a row of the marked table holds commands, `ctest -R NAME`, paths and
links. A NAME is that of a test of ctest: a suite in the SOURCES of triune_add_tests, those in variables among them, or
the NAME of an add_test. Where that has a variable, a file of the test's stem must lie beside it. Prints each problem;
exit status 1 where there is one.
"""

import re
import sys
from pathlib import Path

from documents import broken_links, finish, quoted  # beside this file

SUITES = re.compile(r"triune_add_tests\(triune_(\w+)_tests\s([^)]*)\)")
VARIABLE = re.compile(r"(?:set|list)\((?:APPEND )?(\w+)\s([^)]*)\)")
STEM = re.compile(r"(\w+)_test\.(?:cpp|cu)\b")
TEST = re.compile(r"add_test\(NAME ([\w.${}]+)")
COMMAND = re.compile(r"ctest -R ([\w.]+)")
CELLS = 8


def without_quoted_bars(line):
    return re.sub(r"`[^`]*`", lambda code: code.group(0).replace("|", " "), line)


class Tests:
    """The names that ctest has."""

    def __init__(self, root):
        self.names, self.patterns = set(), []
        for lists in [*root.glob("tests/**/CMakeLists.txt"), *root.glob("examples/CMakeLists.txt")]:
            text = re.sub(r"#.*", "", lists.read_text(encoding="utf-8"))
            variables = {}
            for variable, values in VARIABLE.findall(text):
                variables[variable] = f"{variables.get(variable, '')} {values}"
            for layer, arguments in SUITES.findall(text):
                arguments = re.sub(r"\$\{(\w+)\}", lambda use: variables.get(use.group(1), ""), arguments)
                self.names |= {f"{layer}.{stem}" for stem in STEM.findall(arguments)}
            for name in TEST.findall(text):
                if "$" not in name:
                    self.names.add(name)
                    continue
                parts = (re.escape(part) for part in re.split(r"\$\{\w+\}", name))
                self.patterns.append((re.compile(r"(\w+)".join(parts)), lists.parent))

    def has(self, name):
        if name in self.names:
            return True
        for pattern, folder in self.patterns:
            match = pattern.fullmatch(name)
            if match and any(next(folder.rglob(f"{stem}{end}"), None) for stem in match.groups()
                             for end in ("_test.py", ".cpp", ".cu", ".py")):
                return True
        return False


def problems(page, tests, root):
    table = page.partition("<!-- comparison: begin -->")[2].partition("<!-- comparison: end -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    if not rows:
        yield "there is no row"
    for row in rows:
        cells = [cell.strip() for cell in without_quoted_bars(row).strip("|").split("|")]
        if len(cells) != CELLS or not all(cells):
            yield f"'{cells[0]}' has not {CELLS} cells with words"
            continue
        if not quoted(cells[-1]):
            yield f"'{cells[0]}' is shown by nothing"
        for shown in quoted(cells[-1]):
            command = COMMAND.fullmatch(shown)
            if command and not tests.has(command.group(1)):
                yield f"'{cells[0]}': ctest has no {command.group(1)}"
            if not command and not (root / shown).exists():
                yield f"'{cells[0]}': there is no {shown}"
        for broken in broken_links(cells[-1], root / "docs/comparison.md"):
            yield f"'{cells[0]}': {broken}"


def check_itself(page, tests, root):
    for right, wrong, told in (("ctest -R manage.manager", "ctest -R manage.manger", "ctest has no manage.manger"),
                               ("ctest -R migration.application", "ctest -R migration.nobody", "no migration.nobody"),
                               ("`ctest -R manage.manager`", "everything", "is shown by nothing"),
                               ("tools/demo.sh", "tools/no.sh", "there is no tools/no.sh"),
                               ("2026-11-29-doors.md", "2026-01-01-doors.md", "2026-01-01-doors.md leads nowhere"),
                               ("| C; Python: not looked at |", "|", "cells with words")):
        assert right in page, right
        found = list(problems(page.replace(right, wrong), tests, root))
        assert any(told in each for each in found), (wrong, found)


def main():
    root = Path(sys.argv[1])
    page, tests = (root / "docs/comparison.md").read_text(encoding="utf-8"), Tests(root)
    found = [f"docs/comparison.md: {each}" for each in problems(page, tests, root)]
    if found:
        finish(found)
    check_itself(page, tests, root)


main()
