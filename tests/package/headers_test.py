#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what headers of the core are installed: the public ones, what those lead to, and no more; the public compile alone.

Usage: headers_test.py PREFIX ROOT COMPILER [CCCL_DIR...]. Public is what tests/layers/check_layers.py says. Headers that
need CCCL are compiled where its folders are given. Prints each problem; exit status 1 where there is one.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "layers"))
from check_layers import BOUNDS, CCCL_HEADER, includes, public_headers

CORE = re.compile(r"triune/.+\.hpp$")


def led_to(first, folder):
    """All that the headers `first` include of the core, themselves too; those that `folder` lacks as well."""
    found, left = set(), list(first)
    while left:
        header = left.pop()
        if header not in found:
            found.add(header)
            if (folder / header).is_file():
                left += [name for _, name, _ in includes(folder / header) if CORE.match(name)]
    return found


def needs_cccl(header, folder):
    return any(CCCL_HEADER.match(name) for each in led_to([header], folder) for _, name, _ in includes(folder / each))


def compile_alone(header, folder, compiler, cccl):
    done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-", f"-I{folder}",
                           "-DLIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE",  # older CCCLs ask for it
                           *(word for each in cccl for word in ("-isystem", each))],
                          input=f"#include <{header}>\n", capture_output=True, text=True)
    return "" if done.returncode == 0 else f"{header} does not compile alone:\n{done.stderr}"


def main():
    prefix, root, compiler, cccl = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
    folder = prefix / "include"
    first = public_headers(root)
    first += [f"triune/{layer}/{stem}.hpp" for layer, stems in BOUNDS.items() for stem in stems.split()]
    there = {path.relative_to(folder).as_posix() for path in folder.glob("triune/**/*.hpp")}
    wanted = led_to(first, folder)
    problems = [f"{header} is not installed" for header in sorted(wanted - there)]
    problems += [f"{header} is installed, and no public header leads to it" for header in sorted(there - wanted)]
    assert len(there) > len(first) > 40, "the check reads too little"
    alone = sorted(header for header in there & set(first) if cccl or not needs_cccl(header, folder))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems += filter(None, pool.map(lambda header: compile_alone(header, folder, compiler, cccl), alone))
    print(*problems, f"{len(there)} headers, {len(alone)} compiled", sep="\n")
    sys.exit(1 if problems else 0)


main()
