# SPDX-License-Identifier: Apache-2.0
"""Checks that every C++ example of every document is part of a file that the tests compile.

Usage: examples_test.py ROOT. Each ```cpp block of a document has to be a run of consecutive lines of one source below
tests/, indentation and blank lines aside. Prints each that is not; exit status 1 where there is one.
"""

import re
import sys
from pathlib import Path

from documents import documents  # beside this file

BLOCK = re.compile(r"^[ ]*```cpp\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)


def code_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_part(block, source):
    starts = range(len(source) - len(block) + 1)
    return any(source[start : start + len(block)] == block for start in starts)


def main():
    root = Path(sys.argv[1])
    sources = [path for ending in ("cpp", "cu", "hpp") for path in sorted((root / "tests").rglob(f"*.{ending}"))]
    compiled = [code_lines(path.read_text(encoding="utf-8", errors="replace")) for path in sources]
    found, count = [], 0
    for document in documents(root):
        for block in BLOCK.findall(document.read_text(encoding="utf-8")):
            count += 1
            if not any(is_part(code_lines(block), source) for source in compiled):
                found.append(f"{document.relative_to(root)}: no compiled file holds this example:\n{block}")
    print(*found, sep="\n", end="\n" if found else "")
    assert count > 5, f"only {count} examples were found: the check reads too little"
    assert not is_part(["nothing", "holds", "this"], compiled[0]), "the check finds nothing"
    sys.exit(1 if found else 0)


main()
