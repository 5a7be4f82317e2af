#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that a document's C++ examples are parts of files that the tests compile.

Usage: documented_examples.py DOCUMENT SOURCE... Each ```cpp block has to be a run of consecutive lines of one SOURCE,
indentation and blank lines aside. Prints each that is not; exit status 1 where there is one, or no block at all.
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_part(block, source):
    starts = range(len(source) - len(block) + 1)
    return any(source[start : start + len(block)] == block for start in starts)


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    sources = [code_lines(Path(name).read_text(encoding="utf-8")) for name in arguments[1:]]
    blocks = BLOCK.findall(Path(arguments[0]).read_text(encoding="utf-8"))
    strangers = [block for block in blocks if not any(is_part(code_lines(block), source) for source in sources)]
    for block in strangers:
        print(f"{arguments[0]}: no compiled file holds this example:\n{block}")
    if not blocks:
        print(f"{arguments[0]}: no example found")
    return 1 if strangers or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
