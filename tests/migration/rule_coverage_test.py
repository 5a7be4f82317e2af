#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every name of every rule is migrated in a case that is compiled and run both ways."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from program import has_main
from workspace import Project, arguments, check

CASES = pathlib.Path(__file__).resolve().parent / "cases"
# These rules have no sites of their own: what stands in the text before and after an edit of theirs.
WITHOUT_SITES = {"TRIUNE5001": ("catch (const utils::CudaException& e)", "catch (const triune::Error& e)"),
                 "TRIUNE5002": ("auto handler = utils::get_global_cuda_error_handler();\n", "GpuMemoryManager manager;\n")}


def names_of(tool, rule):
    """What a rule covers: its names, or the header that it replaces."""
    told = subprocess.run([tool, "--explain", rule], capture_output=True, text=True, check=True).stdout
    if "\nNames:\n" in told:
        return [line.split()[0] for line in told.split("\nNames:\n")[1].splitlines()]
    return re.findall(r'before: #include "(.+)"', told)


def sources_of(case):
    """The case's files before, by name below the folder of all cases."""
    if (case / "before.cpp").exists():
        return {f"{case.name}/before.cpp": (case / "before.cpp").read_bytes()}
    return {f"{case.name}/{path.relative_to(case)}": path.read_bytes() for path in (case / "before").rglob("*.[ch]pp")}


def migrated_names(given, cases):
    """As the tool reports today, not as the cases expect."""
    files = {name: text for case in cases for name, text in sources_of(case).items()}
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, files)
        project.database([name for name in files if name.endswith(".cpp")])
        _, report = project.run("--status", "-j2")
    check(report["units"]["failed"] == 0, str(report["units"]))
    return {(site["rule"], site["symbol"]) for site in report["sites"] if site["state"] == "migrated"}


def main():
    given = arguments()
    listed = subprocess.run([given.tool, "--list-rules"], capture_output=True, text=True, check=True).stdout
    # What the tool itself wrote is the matter of transition_types_test.py.
    rules = re.findall(r"^(TRIUNE\d+) (?!transition)", listed, re.M)
    cases = sorted(case for case in CASES.iterdir() if has_main(case))
    check(len(cases) > 20, f"only {len(cases)} cases run")
    covered = migrated_names(given, cases)
    missing = [(rule, name) for rule in rules if rule not in WITHOUT_SITES for name in names_of(given.tool, rule)
               if (rule, name) not in covered]
    texts = [[path.read_text(errors="replace") for path in (case / "before.cpp", case / "after.cpp") if path.exists()] for case in cases]
    for rule, (before, after) in WITHOUT_SITES.items():
        check(rule in rules, f"{rule} is no rule any more")
        if not any(before in pair[0] and after not in pair[0] and after in pair[1] for pair in texts if pair):
            missing.append((rule, before))
    check(all(names_of(given.tool, rule) for rule in rules if rule not in WITHOUT_SITES), "a rule without names")
    check(not missing, "no case that runs migrates " + ", ".join(f"{name} ({rule})" for rule, name in missing))


if __name__ == "__main__":
    sys.exit(main())
