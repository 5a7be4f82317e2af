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


def table(text, name):
    inside = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", text, re.DOTALL)[1]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in inside.splitlines()[2:]]


def main():
    document, originals, facades, clients = sys.argv[1:]
    text = pathlib.Path(document).read_text(encoding="utf-8")
    known = {"original": cases(originals), "facade": cases(facades),
             "client": set(subprocess.run([clients, "--list"], capture_output=True, text=True, check=True).stdout.split())}
    wrong, named = [], set()

    def check(row, kind, cell):
        names = re.findall(r"`([^`]+)`", cell)
        if not names:
            wrong.append(f"row {row}: no {kind}")
        for name in names:
            if name not in known[kind]:
                wrong.append(f"row {row}: {kind} '{name}' does not exist")
        named.update((kind, name) for name in names)

    rows = table(text, "table")
    for row, _, _, original, facade, client in rows:
        check(row, "original", original)
        check(row, "facade", facade)
        check(row, "client", client)
    half = table(text, "half")
    for row, facade in half:
        check(row, "facade", facade)
    if [row[0] for row in rows] != ROWS:
        wrong.append(f"the rows are {[row[0] for row in rows]}")
    if [row[0] for row in half] != SHARED:
        wrong.append(f"the half-migrated rows are {[row[0] for row in half]}")
    wrong += [f"client '{name}' stands in no row" for name in known["client"] if ("client", name) not in named]
    print("\n".join(wrong) or f"{len(rows) + len(half)} rows, {len(named)} names")
    return 1 if wrong or not known["client"] else 0


if __name__ == "__main__":
    sys.exit(main())
