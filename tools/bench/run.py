#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark programs of a folder, prints their tables and what the targets say, writes all of it and draws the curves.

  run.py FOLDER [--out DIR] [--only NAME...] [--quick] [--commit TEXT] [--command TEXT]

FOLDER holds the programs, directly or as a build folder does. DIR (bench-result) gets results.json, tables.txt, tables.md and
plots/. Needs python3 alone. The device is that of the environment (TRIUNE_DEVICE, LEGACY_DEVICE), a GPU where there is one; on the
simulated device the runs are short and show only that all works. Exit status 1 where a program failed; a missed target is no failure.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

import plots
import verdicts

HERE = pathlib.Path(__file__).resolve().parent
TRACES = sorted(str(path) for path in (HERE / "traces").glob("*.csv.gz"))
SECONDS = 900  # one program at most

# What each program is given: in a full run, and in a quick one or on the simulated device.
PROGRAMS = {
    "limits": ([], ["--repeat", "3"]),
    "allocation": (["--repeat", "5", "--pairs", "40000"], ["--repeat", "2", "--pairs", "2000"]),
    "doors": ([], ["--repeat", "2"]),
    "growth": ([], ["--rounds", "1", "--repeat", "3", "--busy", "1", "--most", str(64 << 20)]),
    "downloads": (["--rounds", "3"], ["--rounds", "1", "--repeat", "3", "--frames", "10", "--most", "100000"]),
    "first_use": ([], ["--rounds", "1", "--nodes", "1000"]),
    "bookkeeping": ([], ["--buffers", "20000", "--rounds", "3"]),
    "reservoir": ([], ["--repeat", "2", "--rounds", "1", "--most", str(4 << 20)]),
    "replay": (["--repeat", "5", *TRACES], ["--repeat", "1", *TRACES]),
    "chunks": (["--only", "triune", "--repeat", "5", *TRACES], ["--only", "triune", "--repeat", "1", *TRACES]),
    "recording": ([], ["--repeat", "2", "--pairs", "5000"]),
    "snapshots": (["--repeat", "20"], ["--repeat", "3"]),
    "compat": (["--rounds", "2"], ["--nodes", "1000", "--rounds", "1", "--divisor", "20"]),
    "migration": ([], ["--plain", "200", "--users", "4", "--repeat", "1"]),
}
PLACES = ("", "tools/bench", "tools/bench/compat", "migration")  # in a folder that was packed, and in a build
SCRIPTS = {  # what is measured by a script: it, the program it needs, whether it is given that or the folder of it
    "compat": ("compat/compat.py", "triune_bench_compat_legacy", "folder"),
    "migration": ("migration.py", "triune-migrate", "program"),
}
# What is run once for each value of an environment variable, Triune alone: the program, the variable, its values.
SWEEPS = {"chunks": ("replay", "TRIUNE_WHOLE_CHUNK_MIB", ("4", "12", "24", "64", "256"))}
TOO_SLOW_SIMULATED = {"replay", "chunks"}  # half a minute a trace, unless asked for by name


def command_of(folder, name, here=HERE):
    """What starts the benchmark, without its options; None where a part of it is not there. `here`: where the scripts lie."""
    program_of = SWEEPS.get(name, (name,))[0]
    script, program, given = SCRIPTS.get(name, (None, f"triune_bench_{program_of}", None))
    found = next((folder / place / program for place in PLACES if (folder / place / program).is_file()), None)
    if found is None or (script and not (here / script).is_file()):
        return None
    if script is None:
        return [str(found)]
    return [sys.executable, "-B", str(here / script), str(found.parent if given == "folder" else found)]


def device_of():
    """(simulated, environment): a GPU unless there is none or the environment says otherwise."""
    environment = dict(os.environ)
    if "TRIUNE_DEVICE" not in environment:
        found = has("nvidia-smi") and subprocess.run(["nvidia-smi", "-L"], capture_output=True, check=False).returncode == 0
        environment["TRIUNE_DEVICE"] = "cuda" if found else "sim"
    simulated = environment["TRIUNE_DEVICE"] == "sim"
    environment.setdefault("LEGACY_DEVICE", "host" if simulated else "cuda")
    return simulated, environment


def has(command):
    return any((pathlib.Path(place) / command).exists() for place in os.environ.get("PATH", "").split(":"))


def run_program(name, command, arguments, environment):
    """The program's JSON, or None where it failed; says so on stderr."""
    with tempfile.TemporaryDirectory() as scratch:
        result = pathlib.Path(scratch) / "result.json"
        began = time.monotonic()
        try:
            finished = subprocess.run([*command, *arguments, "--json", str(result)], env=environment, capture_output=True,
                                      text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            print(f"run.py: {name} took more than {SECONDS} s", file=sys.stderr)
            return None
        worst = 1 if name == "compat" else 0  # 1: something is slower than the legacy library
        if not 0 <= finished.returncode <= worst or not result.exists():
            print(f"run.py: {name} failed, exit status {finished.returncode}\n{finished.stdout[-2000:]}{finished.stderr[-2000:]}",
                  file=sys.stderr)
            return None
        table = json.loads(result.read_text(encoding="utf-8"))
        table["seconds"] = round(time.monotonic() - began, 1)
        table["arguments"] = [pathlib.Path(argument).name if "/" in argument else argument for argument in arguments]
        return table


def run_sweep(name, command, arguments, environment):
    """One table of all values, each a contestant of the name VARIABLE=VALUE; None where one failed."""
    _, variable, values = SWEEPS[name]
    whole = None
    for value in values:
        table = run_program(name, command, arguments, {**environment, variable: value})
        if table is None:
            return None
        for row in table["rows"]:
            row["contestant"] = f"{variable}={value}"
        if whole is None:
            whole = {**table, "table": name}
        else:
            whole["rows"] += table["rows"]
            whole["seconds"] = round(whole["seconds"] + table["seconds"], 1)
    return whole


def commit_of(folder):
    """What was built: the packed folder's note, else the state of this checkout."""
    note = folder / "commit"
    if note.is_file():
        return note.read_text(encoding="utf-8").strip()
    answer = subprocess.run(["git", "-C", str(HERE), "describe", "--always", "--dirty"], capture_output=True, text=True,
                            check=False) if has("git") else None
    return answer.stdout.strip() if answer and answer.returncode == 0 else "unknown"


def plain(value):
    """A verdict as JSON has it: no number that is none."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))) else value


def write_json(run, out):
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def report(run, out):
    """Prints the run and writes it into `out`."""
    judged = verdicts.judge_all(run["tables"], run["simulated"])
    out.mkdir(parents=True, exist_ok=True)
    run["verdicts"] = plain([dataclasses.asdict(verdict) for verdict in judged])
    head = f"{run['date']}, {run['device']}, commit {run['commit']}\n{run['command']}"
    if run["simulated"]:
        head += "\nThe simulated device: its times say nothing about a GPU."
    texts, pages = [head], [head]
    for table in run["tables"]:
        lines = verdicts.table_lines(table)
        title = f"{table['table']} ({' '.join(table['arguments']) or 'defaults'}; {table['seconds']} s)"
        texts.append(f"== {title}\n" + verdicts.aligned(lines, verdicts.TABLE_WORDS))
        pages.append(f"## {title}\n\n" + verdicts.markdown(lines, verdicts.TABLE_WORDS))
    lines = verdicts.verdict_lines(judged)
    texts.append("== targets\n" + verdicts.aligned(lines, verdicts.VERDICT_WORDS))
    pages.append("## Targets\n\n" + verdicts.markdown(lines, verdicts.VERDICT_WORDS))
    counts = [sum(verdict.met is state for verdict in judged) for state in (True, False, None)]
    texts.append("{} targets met, {} missed, {} without a verdict".format(*counts))
    (out / "tables.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    (out / "tables.md").write_text("\n\n".join(pages) + "\n", encoding="utf-8")
    write_json(run, out)
    drawn = plots.write_all(run["tables"], out / "plots")
    print("\n\n".join(texts))
    print(f"\n{out}: results.json, tables.txt, tables.md and {len(drawn)} plots")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("bench-result"))
    parser.add_argument("--only", nargs="+", choices=PROGRAMS, default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--commit")
    parser.add_argument("--command", default=" ".join(sys.argv))
    given = parser.parse_args()
    simulated, environment = device_of()
    if simulated:
        print("run.py: no GPU here: what needs none runs on the simulated device, briefly", file=sys.stderr)
    run = {"date": datetime.date.today().isoformat(), "device": "", "simulated": simulated,
           "commit": given.commit or commit_of(given.folder), "command": given.command, "cores": os.cpu_count(),
           "machine": platform.machine(), "tables": []}
    failed = []
    for name in given.only or PROGRAMS:
        if simulated and name in TOO_SLOW_SIMULATED and not given.only:
            continue
        command = command_of(given.folder.resolve(), name)
        if command is None:
            print(f"run.py: {name} is not there: it was not built", file=sys.stderr)
            failed += [name] if given.only else []
            continue
        print(f"run.py: {name} ...", file=sys.stderr, flush=True)
        run_one = run_sweep if name in SWEEPS else run_program
        table = run_one(name, command, PROGRAMS[name][given.quick or simulated], environment)
        if table is None:
            failed.append(name)
            continue
        run["tables"].append(table)
        run["device"] = run["device"] or table.get("device", "")
        write_json(run, given.out)  # what is there is kept, should a later program take the machine's time
    report(run, given.out)
    if failed:
        print("run.py: failed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed or not run["tables"] else 0


if __name__ == "__main__":
    sys.exit(main())
