#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What triune-migrate costs, against clang++ -fsyntax-only over the same units in the same run.

Makes a project: units that cannot contain a legacy name, and units that use the legacy interface, each with seven
standard headers. Times are processor seconds, children included, the two programs taking turns; medians over --repeat,
with the smallest and largest beside them. `own` is the tool's process without its workers: it lists the units, merges what
they said and plans; no file is written. It is sampled every few milliseconds, so the last of them are missing.

    tools/bench/migration.py [TRIUNE-MIGRATE] [--json F]
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

CLANG = "clang -fsyntax-only"
NAMELESS = "a unit that cannot have a legacy name"
HERE = pathlib.Path(__file__).resolve().parent
LEGACY = HERE.parent.parent / "tests" / "legacy" / "include"
STANDARD = "".join(f"#include <{name}>\n" for name in
                   ("algorithm", "functional", "map", "memory", "string", "tuple", "vector"))
LAYOUT = '''#pragma once
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

class Layout : public utils::UnifiedGPUCompute {
  public:
    using UnifiedGPUCompute::UnifiedGPUCompute;
    utils::ManagedDeviceBuffer<float> scratch(std::size_t count) {
        return utils::create_managed_buffer<float>(count, "scratch");
    }
};
'''
PLAIN = STANDARD + '''
std::size_t plain_{unit}(const std::vector<int>& values) {{
    std::map<int, std::string> names;
    for (const int each : values) names[each] = std::to_string(each);
    return names.size();
}}
'''
USER = '''
float user_{unit}_{function}(Layout& layout, gpu::DynamicBufferManager& manager) {{
    auto buffer = layout.scratch(10);
    std::vector<float> values(10);
    buffer.as_device_buffer().copy_to(values);
    auto& grown = manager.get_or_create_buffer("grown", gpu::BufferConfig::for_positions());
    grown.ensure_capacity(buffer.as_device_buffer().len());
    layout.start_async_download_positions();
    const auto positions = layout.wait_for_download_positions();
    return std::get<0>(positions)[0] + values[0] + static_cast<float>(grown.capacity_bytes());
}}
'''


def make_project(folder, plain, users, functions):
    source, build = folder / "source", folder / "build"
    source.mkdir(parents=True)
    build.mkdir()
    (source / "layout.hpp").write_text(LAYOUT)
    texts = {f"plain_{unit}.cpp": PLAIN.format(unit=unit) for unit in range(plain)}
    for unit in range(users):
        body = "".join(USER.format(unit=unit, function=each) for each in range(functions))
        texts[f"user_{unit}.cpp"] = STANDARD + '#include "layout.hpp"\n' + body
    commands = []
    for name, text in texts.items():
        (source / name).write_text(text)
        commands.append({"directory": str(build), "file": str(source / name),
                         "arguments": ["c++", "-std=c++17", f"-I{source}", f"-I{LEGACY}", "-c", str(source / name)]})
    (build / "compile_commands.json").write_text(json.dumps(commands))
    return build, [each["arguments"] for each in commands]


def processor_seconds(process):
    """Of the process itself, without children, while it runs; None once it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    if fields[0] == "Z":
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(command, **kwargs):
    """Processor seconds with children, wall seconds, and the process's own seconds."""
    begin, own = time.monotonic(), 0.0
    before = os.times()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    while process.poll() is None:
        own = processor_seconds(process) or own
        time.sleep(0.003)
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return spent, time.monotonic() - begin, own, process.returncode


def migrate(tool, build, *options):
    spent, wall, own, status = run([tool, "-p", str(build), "-j2", "--quiet", *options])
    if status not in (0, 1):
        raise SystemExit(f"triune-migrate ended with {status}")
    return spent, wall, own


def parse_all(clang, commands, folder):
    lines = folder / "commands"
    lines.write_text("\n".join(" ".join([clang, "-fsyntax-only", *each[1:]]) for each in commands) + "\n")
    with lines.open() as stream:
        spent, wall, _, status = run(["xargs", "-P2", "-I{}", "sh", "-c", "{}"], stdin=stream)
    if status != 0:
        raise SystemExit("the project does not compile")
    return spent, wall, 0.0


def rows_of(measured):
    """The rows of the benchmarks' JSON: milliseconds a unit, and the share of the tool's own process."""
    rows = []

    def note(case, unit, contestant, samples):
        ordered = sorted(samples)
        quantile = [ordered[round(share * (len(ordered) - 1))] for share in (0.1, 0.9)]
        rows.append({"case": case, "unit": unit, "x": 0, "better": "less", "contestant": contestant, "samples": len(ordered),
                     "low": round(quantile[0], 4), "median": round(statistics.median(ordered), 4), "high": round(quantile[1], 4)})

    def milliseconds(runs):
        return [1000 * spent / units for units, spent, _, _ in runs]

    floor = milliseconds(measured.pop(CLANG))
    for case, runs in measured.items():
        note(case, "ms a unit", "triune", milliseconds(runs))
        if case != NAMELESS:
            note(case, "ms a unit", CLANG, floor)
            note(f"{case}: own share", "", "triune", [own / spent for _, spent, _, own in runs])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", nargs="?", default=str(HERE.parent.parent / "build/default/migration/triune-migrate"))
    parser.add_argument("--clang", default=shutil.which("clang++-19") or shutil.which("clang++"))
    parser.add_argument("--plain", type=int, default=3000)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--functions", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", help="write the table here too")
    given = parser.parse_args()
    measured = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        plain, _ = make_project(folder / "plain", given.plain, 0, 0)
        users, commands = make_project(folder / "users", 0, given.users, given.functions)
        for _ in range(given.repeat):
            for case, units, job in (
                    (NAMELESS, given.plain, lambda: migrate(given.tool, plain)),
                    (CLANG, given.users, lambda: parse_all(given.clang, commands, folder)),
                    ("census (--status)", given.users, lambda: migrate(given.tool, users, "--status")),
                    ("rewriting (--no-verify)", given.users, lambda: migrate(given.tool, users, "--no-verify")),
                    ("rewriting and verifying", given.users, lambda: migrate(given.tool, users))):
                spent, wall, own = job()
                measured.setdefault(case, []).append((units, spent, wall, own))
    rows = rows_of(measured)
    for row in rows:
        print(f"{row['case']:36} {row['unit']:10} {row['contestant']:20} {row['median']:9} ({row['low']}..{row['high']})")
    if given.json:
        table = {"table": "migration", "device": "", "rows": rows}
        pathlib.Path(given.json).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
