#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the core's instructions an operation under callgrind and holds them against ceilings: what a change costs, without a clock.

  instructions.py PROGRAM CEILINGS.json [--compiler TEXT] [--update]

PROGRAM is triune_bench_instructions. It runs each operation N and 2N times on the simulated device; the difference is N operations,
without what the first one costs. Only the thread that calls is counted, and the simulated device's own work is taken off: a GPU does
not do it. So the count is the same from run to run, but for what malloc finds, which is well below the head-room of the ceilings.

CEILINGS says with which compiler they were counted; another one (TEXT differs) is allowed more, since its code is not the same.
--update writes ceilings anew from this build. Exit status 1 where a ceiling is passed, 2 where nothing could be counted, 77 where
there is no valgrind.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

OPERATIONS = {"pooled pair": 1000, "pair by address": 1000, "owned pair, not zeroed": 1000, "named pair": 1000,
              "named pair, not zeroed": 1000, "lookup": 1000, "leak check": 20, "leak check, different sizes": 20}  # and N
HEAD_ROOM = 1.10       # of a new ceiling over what was counted
OTHER_COMPILER = 1.20  # times a ceiling where it was counted with another compiler; clang 19 counts 0 to 10% less than g++ 12
COUNTED = "counted"    # the function in instructions.cpp
SIMULATED = "triune::sim::"
# Valgrind has fewer addresses to give than the simulated device reserves for the memory it has by default.
ENVIRONMENT = {"TRIUNE_DEVICE": "sim", "TRIUNE_SIM_CAPACITY": "256M"}


def instructions_in(profile, left_out=SIMULATED):
    """All instructions of a callgrind profile (names uncompressed), less those of calls into functions named like `left_out`.

    Such calls are taken off where something else makes them, with all that they call.
    """
    total, less, caller, callee, after_calls = None, 0, "", "", False
    for line in profile.splitlines():
        if line.startswith("fn="):
            caller = line[3:]
        elif line.startswith("cfn="):
            callee = line[4:]
        elif line.startswith("calls="):
            after_calls = True
        elif line.startswith(("summary:", "totals:")):
            total = int(line.split()[1])
        elif after_calls:  # the line below calls=: a position, and the instructions of all those calls
            after_calls = False
            if left_out in callee and left_out not in caller:
                less += int(line.split()[1])
    if not total:
        raise ValueError(f"the profile has no instructions: is {COUNTED}() there, with a symbol?")
    return total - less


def count(program, operation, times):
    """Instructions of `times` operations; RuntimeError where the program fails."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = pathlib.Path(scratch) / "profile"
        finished = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--toggle-collect={COUNTED}", "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={profile}", program, operation, str(times)],
            env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise RuntimeError(f"'{operation}' ended with status {finished.returncode}\n{finished.stderr}")
        return instructions_in(profile.read_text(encoding="utf-8", errors="replace"))


def count_all(program):
    """{operation: instructions of one}."""
    return {operation: round((count(program, operation, 2 * times) - count(program, operation, times)) / times)
            for operation, times in OPERATIONS.items()}


def allowance(ceilings, compiler):
    return 1.0 if compiler == ceilings["compiler"] else OTHER_COMPILER


def passed(counts, ceilings, compiler):
    """A sentence for each operation that takes more than it may, or whose ceiling is missing."""
    sentences = []
    for operation, instructions in counts.items():
        ceiling = ceilings["instructions"].get(operation)
        if ceiling is None:
            sentences.append(f"'{operation}' takes {instructions} instructions and has no ceiling")
        elif instructions > ceiling * allowance(ceilings, compiler):
            sentences.append(f"'{operation}' takes {instructions} instructions, its ceiling is "
                             f"{ceiling * allowance(ceilings, compiler):.0f}")
    return sentences


def new_ceilings(counts, compiler):
    return {"compiler": compiler, "instructions": {operation: round(each * HEAD_ROOM) for operation, each in counts.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("ceilings", type=pathlib.Path)
    parser.add_argument("--compiler", default="unknown")
    parser.add_argument("--update", action="store_true")
    given = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("instructions.py: skipped: there is no valgrind here")
        return 77
    try:
        counts = count_all(given.program)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"instructions.py: {error}", file=sys.stderr)
        return 2
    for operation, instructions in counts.items():
        print(f"{operation}: {instructions} instructions")
    if given.update:
        given.ceilings.write_text(json.dumps(new_ceilings(counts, given.compiler), indent=1) + "\n", encoding="utf-8")
        return 0
    sentences = passed(counts, json.loads(given.ceilings.read_text(encoding="utf-8")), given.compiler)
    for sentence in sentences:
        print(f"instructions.py: {sentence}", file=sys.stderr)
    if sentences:
        print("Where that is what the change is worth, count again and say so in its message:\n"
              f"  {sys.argv[0]} {given.program} {given.ceilings} --compiler '{given.compiler}' --update", file=sys.stderr)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
