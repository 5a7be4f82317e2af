# SPDX-License-Identifier: Apache-2.0
"""Checks that every C++, C and Python example of every document is part of a file that the tests compile or run, and that
shells read the rest.

Usage: examples_test.py ROOT. Each ```cpp, ```c and ```python block of a document has to be a run of consecutive lines of
one source below tests/, examples/ or python/, indentation and blank lines aside. bash has to understand each ```sh block,
and every block says what it is. (Blocks of CMake are configured by tests/package/documents_run_test.py.) Prints each
problem; exit status 1 where there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

from documents import documents, finish  # beside this file

BLOCK = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
ENDINGS = {"cpp": ("cpp", "cu", "hpp"), "c": ("c",), "python": ("py",)}
KINDS = {"sh", "cmake", "mermaid", "json", "text", *ENDINGS}


def code_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_part(block, source):
    starts = range(len(source) - len(block) + 1)
    return any(source[start : start + len(block)] == block for start in starts)


def shell_problem(block):
    done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
    return f"bash does not understand it ({done.stderr.strip()})" if done.returncode != 0 else None


def main():
    root = Path(sys.argv[1])
    compiled = {language: [code_lines(path.read_text(encoding="utf-8", errors="replace"))
                           for folder in ("tests", "examples", "python") for ending in endings
                           for path in sorted((root / folder).rglob(f"*.{ending}"))]
                for language, endings in ENDINGS.items()}
    found, count = [], 0
    for document in documents(root):
        for kind, block in BLOCK.findall(document.read_text(encoding="utf-8")):
            count += kind in ENDINGS
            problem = None
            if kind in ENDINGS and not any(is_part(code_lines(block), source) for source in compiled[kind]):
                problem = "no compiled file holds this example"
            elif kind == "sh":
                problem = shell_problem(block)
            elif kind not in KINDS:
                problem = "this block does not say what it is"
            if problem:
                found.append(f"{document.relative_to(root)}: {problem}:\n{block}")
    assert count > 5, f"only {count} examples were found: the check reads too little"
    assert not is_part(["nothing", "holds", "this"], compiled["cpp"][0]), "the check finds nothing"
    assert shell_problem("if true; done") and not shell_problem("true"), "bash finds nothing"
    finish(found)


main()
