#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts triune-migrate's diff into a copy of the tree that it was made over, byte by byte.

  apply_diff.py DIFF FOLDER

No line end is translated and no place is guessed, as other tools would. Exit status 1 where the copy is not that tree.
"""
import pathlib
import re
import sys

HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@\n")

LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")


def hunks(diff):
    """For each file its name and hunks: the first line, the lines that go, and those that come."""
    files, hunk, lines = [], None, iter(LINE.findall(diff))
    for line in lines:
        start = HUNK.match(line)
        if line.startswith(b"--- a/") and (hunk is None or len(hunk[1]) >= hunk[3]):
            files.append((line[len(b"--- a/"):-1], []))
            hunk = None
            next(lines)
        elif start:
            length = 1 if start[2] is None else int(start[2])
            hunk = [int(start[1]) - (length > 0), [], [], length]
            files[-1][1].append(hunk)
        elif line.startswith(b"\\"):  # the line before has no end
            for side in (hunk[1], hunk[2]):
                if side and side[-1] is last:
                    side[-1] = last[:-1]
        else:
            last = line[1:]
            if line[:1] in b" -":
                hunk[1].append(last)
            if line[:1] in b" +":
                hunk[2].append(last)
    return files


def main():
    folder = pathlib.Path(sys.argv[2])
    for name, changes in hunks(pathlib.Path(sys.argv[1]).read_bytes()):
        path = folder / name.decode(errors="surrogateescape")
        lines = LINE.findall(path.read_bytes())
        for first, old, new, _ in reversed(changes):
            if lines[first:first + len(old)] != old:
                sys.exit(f"apply_diff.py: {path} is not what the diff was made over, at line {first + 1}")
            lines[first:first + len(old)] = new
        path.write_bytes(b"".join(lines))


if __name__ == "__main__":
    main()
