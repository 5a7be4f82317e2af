#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of the migration guide is the tool's own list of rules; --write puts it there."""
import pathlib
import subprocess
import sys

BEGIN = "<!-- rules: begin -->"
END = "<!-- rules: end -->"


def table(tool):
    listed = subprocess.run([tool, "--list-rules"], capture_output=True, text=True, check=True).stdout
    rows = []
    for block in listed.split("\nTRIUNE"):
        name, before = block.split("\n", 1)
        before, after = before.split("\n    -> ", 1)
        number, module = name.removeprefix("TRIUNE").split()
        cells = [" ".join(text.split()) .replace("|", "\\|") for text in (before, after)]
        rows.append((module, f'| <a id="TRIUNE{number}"></a>TRIUNE{number} | `{cells[0]}` | `{cells[1]}` |'))
    lines = []
    for module in dict.fromkeys(module for module, _ in rows):
        lines += [f"### {module}", "", "| rule | before | after |", "|---|---|---|"]
        lines += [row for owner, row in rows if owner == module] + [""]
    return "\n".join(lines)


def main():
    options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    guide = pathlib.Path(options["--root"]) / "docs" / "migration-guide.md"
    text = guide.read_text()
    wanted = f"{BEGIN}\n{table(options['--tool'])}{END}"
    head, rest = text.split(BEGIN, 1)
    _, tail = rest.split(END, 1)
    if options.get("--write") == "yes":
        guide.write_text(head + wanted + tail)
    elif head + wanted + tail != text:
        print("docs/migration-guide.md does not have the tool's list of rules; run this test with --write yes")
        sys.exit(1)


if __name__ == "__main__":
    main()
