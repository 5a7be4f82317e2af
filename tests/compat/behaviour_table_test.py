#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that each test and client that docs/compat-behaviour.md names exists, and that each client is named.

Usage: behaviour_table_test.py DOCUMENT ORIGINALS_TESTS FACADES_TESTS CLIENTS
"""
import pathlib
import re
import subprocess
import sys

ROWS = (["A1", "A2", "A3", "A4", "A5"] + [f"1.{i}" for i in range(1, 9)] + [f"2.{i}" for i in range(1, 11)] +
        [f"3.{i}" for i in range(1, 14)] + ["S1", "S2", "S3", "E1", "E2", "E3"])
SHARED = ["memory, limit, totals", "leak list, usage", "names", "streams", "objects", "errors"]


def cases(program):
    """Every suite/case of a Boost.Test program."""
    listed = subprocess.run([program, "--list_content"], capture_output=True, text=True, check=True).stderr
    found, suite = set(), ""
    for line in listed.splitlines():
        name = line.strip().rstrip("*")
        if line.startswith(" "):
            found.add(f"{suite}/{name}")
        else:
            suite = name
    return found


def entries(text, name):
    """Name and text of each entry between two marks; what is within an entry belongs to it."""
    inside = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", text, re.DOTALL)[1]
    return re.findall(r"^- \*\*(.+?)\*\*(.*?)(?=^- |\Z)", inside, re.DOTALL | re.MULTILINE)


def main():
    document, originals, facades, clients = sys.argv[1:]
    text = pathlib.Path(document).read_text(encoding="utf-8")
    known = {"original": cases(originals), "facade": cases(facades),
             "client": set(subprocess.run([clients, "--list"], capture_output=True, text=True, check=True).stdout.split())}
    wrong, named = [], set()

    def check(row, kind, cell):
        names = re.findall(r"`([^`]+)`", cell)
        if not names:
            wrong.append(f"entry {row}: no {kind}")
        for name in names:
            if name not in known[kind]:
                wrong.append(f"entry {row}: {kind} '{name}' does not exist")
        named.update((kind, name) for name in names)

    rows = entries(text, "promises")
    for row, told in rows:
        parts = dict(re.findall(r"^  - (\w+):(.*?)(?=^  - |\Z)", told, re.DOTALL | re.MULTILINE))
        for kind in known:
            check(row, kind, parts.get(kind, ""))
    half = entries(text, "half")
    for row, told in half:
        check(row, "facade", told)
    if [row[0] for row in rows] != ROWS:
        wrong.append(f"the entries are {[row[0] for row in rows]}")
    if [row[0] for row in half] != SHARED:
        wrong.append(f"the half-migrated entries are {[row[0] for row in half]}")
    wrong += [f"client '{name}' stands in no entry" for name in known["client"] if ("client", name) not in named]
    print("\n".join(wrong) or f"{len(rows) + len(half)} entries, {len(named)} names")
    return 1 if wrong or not known["client"] else 0


if __name__ == "__main__":
    sys.exit(main())
