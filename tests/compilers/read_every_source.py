#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets clang read every source of the libraries and of the rewriter, with our warnings as errors.

Usage: read_every_source.py ROOT WORK_DIR COMPILER CMAKE [OPTION...]. Configures ROOT in WORK_DIR for that compiler, and
takes from there what each source is compiled with. Makes no code, which would take minutes, and reads the headers that
most sources share once. Prints what the compiler says; exit status 1 where it refuses a source, 77 where it is not here.
"""

import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

# A folder of sources, and the header that costs most of the time to read there.
SHARED = {"core": "triune/triune.hpp", "compat": "triune/triune.hpp", "migration": "clang/clang_headers.hpp"}
ALONE = ("migration/rules",)  # knows nothing of clang


def configure(root, work, compiler, cmake, options):
    done = subprocess.run([cmake, "-S", root, "-B", work, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
                           "-DCMAKE_CXX_COMPILER_LAUNCHER=", "-DTRIUNE_CCACHE=", "-DTRIUNE_TESTS=OFF",
                           "-DTRIUNE_WARNINGS_AS_ERRORS=ON", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{compiler} cannot be configured:\n{done.stdout}")
    return json.loads((work / "compile_commands.json").read_text())


def flags_of(unit):
    """The compiler and its flags, without the names of files and without the build's own precompiled header."""
    words = shlex.split(unit["command"])
    words = words[: words.index("-o")]
    while "-Xclang" in words:
        at = words.index("-Xclang")
        words[at : at + 2] = []
    return tuple(words)


def shared_flags(flags):
    """Those that a shared header must be compiled with: what only tells our own sources something is left out."""
    return tuple(each for each in flags if not each.startswith(("-DTRIUNE_", "-Dtriune_", "-Winvalid-pch")))


def run(words, folder):
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def main():
    root, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    compiler, cmake, options = sys.argv[3], sys.argv[4], sys.argv[5:]
    if shutil.which(compiler) is None:
        print(f"passed by: {compiler} is not here")
        sys.exit(77)
    work.mkdir(parents=True, exist_ok=True)
    units = []  # flags, folder, file
    for unit in configure(root, work, compiler, cmake, options):
        file = pathlib.Path(unit["file"])
        folder = file.relative_to(root).parts[0] if file.is_relative_to(root) and not file.is_relative_to(work) else None
        if folder in SHARED and not file.name.startswith("cmake_pch"):
            alone = any(file.is_relative_to(root / each) for each in ALONE)
            units.append((flags_of(unit), None if alone else SHARED[folder], str(file)))
    if len(units) < 100:
        sys.exit(f"only {len(units)} sources were found: the test reads too little")

    kinds = {kind: work / f"shared_{number}.hpp"
             for number, kind in enumerate(dict.fromkeys((shared_flags(flags), shared) for flags, shared, _ in units
                                                         if shared))}

    def precompile(kind):
        flags, shared = kind
        kinds[kind].write_text(f"#include <{shared}>\n")
        # Else each source would instantiate for itself what the header's own functions use: most of its time.
        return run([*flags, "-fpch-instantiate-templates", "-x", "c++-header", str(kinds[kind]),
                    "-o", f"{kinds[kind]}.pch"], work)

    def read(unit):
        flags, shared, file = unit
        known = ["-include-pch", f"{kinds[shared_flags(flags), shared]}.pch"] if shared else []
        return run([*flags, *known, "-fsyntax-only", file], work)

    refused = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for what, work_on in ((list(kinds), precompile), (units, read)):
            refused += [said for status, said in pool.map(work_on, what) if status != 0]
            if refused:
                print(*refused, sep="\n")
                break
    print(f"{compiler}: {len(units)} sources, {len(refused)} refused")
    sys.exit(1 if refused else 0)


main()
