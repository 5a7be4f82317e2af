#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the legacy library with the facades: the same object files, linked with each.

  compat.py FOLDER [--nodes N...] [--rounds R] [--divisor D] [--json FILE]

FOLDER holds the two programs, build/<preset>/tools/bench/compat. They take turns in going first, R times; a figure is the median
of all samples of all rounds, with the 10% and 90% quantiles. The device is that of the environment, a GPU where there is one.
Exit status 1 where a case is slower than the legacy library by more than its spread, 2 where a program failed.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

CASES = {
    "first_graph": "the process's first graph",
    "graph_create": "graph: create",
    "graph_destroy": "graph: destroy",
    "graph_grow": "graph: grow x1.5",
    "managed_create": "managed buffer: create",
    "managed_destroy": "managed buffer: destroy",
    "buffer_first": "dynamic buffer: first",
    "buffer_grow": "dynamic buffer: grow x1.3",
    "cells_first": "13 cell buffers: first",
    "cells_grow": "13 cell buffers: grow",
    "call_light": "get_node_positions_async, short kernel",
    "frame_light": "whole frame, short kernel",
    "call_busy": "get_node_positions_async, long kernel",
    "frame_busy": "whole frame, long kernel",
}
BUILDS = ("legacy", "triune")


def quantile(values, q):
    ordered = sorted(values)
    return ordered[round(q * (len(ordered) - 1))]


def samples_of(program, nodes, divisor, into):
    finished = subprocess.run([str(program), str(nodes), str(divisor)], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        print(f"{program} {nodes}: exit status {finished.returncode}\n{finished.stderr}", file=sys.stderr)
        sys.exit(2)
    for line in finished.stdout.splitlines():
        case, microseconds = line.split()
        into[case].append(float(microseconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--nodes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--divisor", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path)
    given = parser.parse_args()
    slower, rows = [], []
    print("microseconds: median (10%..90%); ratio: legacy / triune, above 1 the facades are faster\n")
    print("| nodes | case | legacy | triune | ratio |\n|---:|---|---:|---:|---:|")
    for nodes in given.nodes:
        samples = {build: collections.defaultdict(list) for build in BUILDS}
        for turn in range(given.rounds):
            for build in BUILDS if turn % 2 == 0 else BUILDS[::-1]:
                samples_of(given.folder / f"triune_bench_compat_{build}", nodes, given.divisor, samples[build])
        for case, title in CASES.items():
            medians, cells = [], []
            for build in BUILDS:
                values = samples[build][case]
                medians.append(quantile(values, 0.5))
                rows.append({"case": title, "unit": "us", "x": nodes, "better": "less", "contestant": build,
                             "samples": len(values), "low": quantile(values, 0.1), "median": medians[-1],
                             "high": quantile(values, 0.9)})
                cells.append(f"{medians[-1]:.1f} ({quantile(values, 0.1):.1f}..{quantile(values, 0.9):.1f})")
            print(f"| {nodes} | {title} | {cells[0]} | {cells[1]} | {medians[0] / medians[1]:.2f} |", flush=True)
            if medians[1] > quantile(samples["legacy"][case], 0.9):
                slower.append(f"{title} at {nodes} nodes")
    if given.json:  # as the benchmarks' own programs write it
        given.json.write_text(json.dumps({"table": "compat", "device": "", "simulated": None, "rows": rows}))
    print("\nslower than the legacy library: " + ("; ".join(slower) or "none"))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
