#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the deprecated uses that a compiler sees in a project.

  deprecations.py -p BUILD --include DIR... [--jobs N]

Compiles each C++ unit of BUILD/compile_commands.json for its warnings alone, with every DIR searched first, and counts
each place once. Prints the count by id and in all. Exit status 2 where a unit does not compile.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import sys

WARNING = re.compile(r"^(?P<place>[^\s:]+:\d+:\d+): warning: .*?(?P<id>TRIUNE\d{4})")


def warnings_of(entry, includes):
    command = shlex.split(entry["command"]) if "command" in entry else list(entry["arguments"])
    while command and re.search(r"(^|/)(ccache|sccache)$", command[0]):
        command.pop(0)
    if "-o" in command:
        at = command.index("-o")
        del command[at:at + 2]
    first = [option for folder in includes for option in ("-I", folder)]
    command = command[:1] + first + command[1:] + ["-fsyntax-only", "-Wdeprecated-declarations", "-Wno-error"]
    finished = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True)
    found = {}
    for line in finished.stderr.splitlines():
        match = WARNING.match(line)
        if match:
            found[(match["place"], match["id"])] = True
    return finished.returncode, found, finished.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-p", dest="build", required=True, type=pathlib.Path)
    parser.add_argument("--include", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    entries = [e for e in json.loads((options.build / "compile_commands.json").read_text())
               if pathlib.Path(e["file"]).suffix in (".cpp", ".cc", ".cxx", ".C")]
    places = {}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as workers:
        for entry, (status, found, text) in zip(entries, workers.map(lambda e: warnings_of(e, options.include), entries)):
            places.update(found)
            if status != 0:
                failed += 1
                print(f"{entry['file']} does not compile:\n{text[-1000:]}", file=sys.stderr)
    by_id = collections.Counter(identifier for _, identifier in places)
    for identifier, count in sorted(by_id.items()):
        print(f"  {identifier}  {count:4d}")
    print(f"  in all     {sum(by_id.values()):4d} places in {len({p.rsplit(':', 2)[0] for p, _ in places})} files")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
