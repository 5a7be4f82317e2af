# SPDX-License-Identifier: Apache-2.0
"""Builds a copy of the tree, then each mutant's programs beside it, many at once. See tools/mutate.sh."""

import argparse
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lanes
import mutants as tables

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300  # a suite that takes longer hangs
# In the copy, as deep as CMakePresets.json has it, so that ccache knows what was compiled in the tree itself.
BUILD = Path("build") / "mutant"


def copy_tree(root, tree):
    """Files whose bytes are the same keep their times, so that little is built anew."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = root / name, tree / name
        if not source.is_file() or (target.is_file() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def build(tree, suites, jobs):
    command = ["cmake", "--build", str(tree / BUILD), "-j", str(jobs), "--target", *suites]
    return subprocess.run(command, capture_output=True, text=True)


def configure(tree, options):
    command = ["cmake", "-S", str(tree), "-B", str(tree / BUILD), "-G", "Ninja", "-DTRIUNE_MIGRATION=OFF",
               "-DTRIUNE_CUDA=OFF", "-DTRIUNE_COMPAT=OFF", "-DTRIUNE_WARNINGS_AS_ERRORS=OFF",
               "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def noticed(program):
    """How the suite ended, where it did not pass; else None."""
    environment = {**os.environ, "TRIUNE_DEVICE": "sim"}
    try:
        ended = subprocess.run([str(program), "--color_output=no"], env=environment, capture_output=True, text=True,
                               errors="replace", timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "hangs"
    if ended.returncode == 0:
        return None
    cases = [line.split('"')[1] for line in (ended.stdout + ended.stderr).splitlines() if ": error: in \"" in line]
    return cases[0] if cases else f"ends with {ended.returncode}"


def judge(built, mutant):
    """What became of the mutant, and how."""
    lane = lanes.Lane(built, f"{mutant.table}.{mutant.name}", mutant.file,
                      mutant.applied((built.tree / mutant.file).read_text()))
    try:
        for suite in mutant.suites:
            if (how := noticed(lane.make(suite))) is not None:
                return "died", f"{suite}: {how}"
        return "LIVES", ""
    except lanes.Broken as broken:
        return "unfit", f"it does not compile: {broken}"
    finally:
        shutil.rmtree(lane.folder)


def chosen(options):
    mutants = tables.read()
    if options.only:
        mutants = [m for m in mutants if m.name in options.only or m.table in options.only]
    if options.sample:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    return mutants


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "mutate")
    parser.add_argument("--cmake", action="append", default=[])
    options = parser.parse_args()
    mutants = chosen(options)
    wrong = tables.check(ROOT, mutants)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if wrong or options.check:
        return 1 if wrong else 0
    if options.list:
        print(*(f"{m.table}/{m.name}" for m in mutants), sep="\n")
        return 0
    tree = options.build.resolve()
    copy_tree(ROOT, tree)
    configure(tree, options.cmake)
    suites = sorted({suite for mutant in mutants for suite in mutant.suites})
    built = build(tree, suites, options.jobs)
    if built.returncode != 0:
        print(built.stdout[-4000:])
        return 2
    build_made = lanes.Build(tree, tree / BUILD)
    # Made as the mutants are, so that what a lane alone does to a suite shows here.
    untouched = "core/triune/base/error.cpp"
    unchanged = lanes.Lane(build_made, "unchanged", untouched, (tree / untouched).read_text())
    for suite in suites:
        if (how := noticed(unchanged.make(suite))) is not None:
            print(f"{suite} does not pass as it is: {how}")
            return 2
    shutil.rmtree(unchanged.folder)
    counts = {"died": 0, "LIVES": 0, "unfit": 0}
    with ThreadPoolExecutor(options.jobs) as lanes_at_once:
        for mutant, (verdict, why) in zip(mutants, lanes_at_once.map(lambda each: judge(build_made, each), mutants)):
            counts[verdict] += 1
            print(f"{verdict}  {mutant.table}/{mutant.name}  {why}".rstrip(), flush=True)
    print(f"{len(mutants)} mutants: {counts['died']} died, {counts['LIVES']} live, {counts['unfit']} do not compile")
    return 0 if counts["died"] == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
