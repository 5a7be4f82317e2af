#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs builds of the legacy application side by side and compares what they write.

  runs.py --input FILE --output DIR [--nodes N] [--frames N] [--repeat R] NAME=PROGRAM...

Each program writes to DIR/NAME. The builds take turns, R times, so that a change of the machine's speed meets all of them;
times are medians. The first NAME is the reference: every other's summary.txt and package_map.png must equal its, byte for
byte, on every turn. Leaves DIR/comparison.md and DIR/comparison.json. Exit status 1 where outputs differ, 2 where a run
failed or the arguments are wrong.
"""
import argparse
import difflib
import json
import pathlib
import statistics
import subprocess
import sys

COMPARED = ("summary.txt", "package_map.png")


def run(program, arguments, folder):
    folder.mkdir(parents=True, exist_ok=True)
    finished = subprocess.run([str(program), *arguments, "--output", str(folder)], capture_output=True, text=True)
    (folder / "stderr.txt").write_text(finished.stderr)
    if finished.returncode != 0:
        print(f"{program} failed with exit status {finished.returncode}:\n{finished.stderr[-2000:]}", file=sys.stderr)
        sys.exit(2)
    return json.loads((folder / "times.json").read_text())


def differences(reference, other):
    found = []
    for name in COMPARED:
        a, b = (reference / name).read_bytes(), (other / name).read_bytes()
        if a == b:
            continue
        found.append(name)
        if name.endswith(".txt"):
            lines = difflib.unified_diff(a.decode().splitlines(), b.decode().splitlines(), "reference", str(other), lineterm="")
            print("\n".join(list(lines)[:40]), file=sys.stderr)
    return found


def table(names, turns):
    """Rows of (what, unit, one median a build)."""
    steps = list(turns[names[0]][0]["seconds"])
    rows = []
    for step in steps:
        rows.append((step, "ms", [1e3 * statistics.median(t["seconds"].get(step, 0.0) for t in turns[n]) for n in names]))
    rows.append(("one frame", "ms", [1e3 * statistics.median(t["seconds_per_frame"] for t in turns[n]) for n in names]))
    rows.append(("host memory, peak", "MiB", [statistics.median(t["peak_resident_kib"] for t in turns[n]) / 1024 for n in names]))
    rows.append(("device memory in use", "MiB", [statistics.median(t["device_bytes_in_use"] for t in turns[n]) / 2**20 for n in names]))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", required=True, type=pathlib.Path)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--nodes", type=int)
    parser.add_argument("--frames", type=int)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("builds", nargs="+", metavar="NAME=PROGRAM")
    options = parser.parse_args()
    builds = [tuple(build.split("=", 1)) for build in options.builds if "=" in build]
    if len(builds) != len(options.builds) or options.repeat < 1:
        parser.error("builds are given as NAME=PROGRAM, and --repeat is at least 1")

    arguments = ["--input", str(options.input)]
    for name in ("nodes", "frames"):
        if getattr(options, name) is not None:
            arguments += [f"--{name}", str(getattr(options, name))]

    names = [name for name, _ in builds]
    turns = {name: [] for name in names}
    differing = {}
    for turn in range(options.repeat):
        for name, program in builds if turn % 2 == 0 else reversed(builds):
            turns[name].append(run(program, arguments, options.output / name))
        for name in names[1:]:
            found = differences(options.output / names[0], options.output / name)
            if found:
                differing[name] = found

    rows = table(names, turns)
    first = turns[names[0]][0]
    lines = [f"{first['nodes']} packages, {first['edges']} dependencies, {first['frames']} frames, kernels on the "
             f"{first['kernels']}; medians of {options.repeat}.", "",
             "| step | unit | " + " | ".join(names) + " |", "|---|---|" + "---:|" * len(names)]
    for what, unit, values in rows:
        lines.append(f"| {what} | {unit} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    lines.append("")
    for name in names[1:]:
        equal = "differs in " + ", ".join(differing[name]) if name in differing else "same summary and picture, byte for byte"
        lines.append(f"- {name} against {names[0]}: {equal}")
    text = "\n".join(lines) + "\n"
    (options.output / "comparison.md").write_text(text)
    (options.output / "comparison.json").write_text(json.dumps({"builds": turns, "differing": differing}, indent=1) + "\n")
    print(text, end="")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
