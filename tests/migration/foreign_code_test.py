#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Code that does not use the legacy interface: nothing is found, nothing is edited, nothing crashes."""
import json
import os
import pathlib
import shutil
import sys
import tempfile

from workspace import Project, arguments, check

# Boost is what every machine that builds this has: large, old and full of macros and templates.
LIBRARY = pathlib.Path("/usr/include/boost")
PARSED = ("any", "bind/bind", "circular_buffer", "container/flat_map", "date_time/gregorian/gregorian", "format",
          "function", "graph/adjacency_list", "heap/fibonacci_heap", "intrusive/list", "iterator/zip_iterator", "lexical_cast",
          "multi_array", "multi_index_container", "optional", "phoenix", "property_tree/json_parser", "ptr_container/ptr_vector",
          "range/adaptors", "spirit/include/qi", "variant", "xpressive/xpressive")
MAX_FILES = 3000


def commands(project, files, flags):
    entries = [{"directory": str(project.build), "file": str(file),
                "arguments": ["c++", "-std=c++17", *flags, f"-I{project.given.legacy}", "-x", "c++", "-c", str(file)]} for file in files]
    (project.build / "compile_commands.json").write_text(json.dumps(entries))


def thousands_of_files_are_passed_over_by_their_text(project):
    files = []
    for folder, _, names in os.walk(LIBRARY):
        files += [pathlib.Path(folder) / name for name in names]
    files = sorted(files)[:MAX_FILES]
    check(len(files) > 1000, f"only {len(files)} files")
    commands(project, files, [])
    result, report = project.run()
    check(result.returncode == 0 and result.stdout == "", result.stderr)
    check(report["units"] == {"parsed": 0, "skipped": len(files), "failed": 0}, str(report["units"]))


def foreign_code_beside_legacy_code_is_read_and_left(project):
    # A copy in the project is project code: all of it is walked through, none of it is the system's.
    shutil.copytree(LIBRARY, project.source / "boost")
    names = [name for name in PARSED if (LIBRARY / f"{name}.hpp").exists()]
    check(len(names) >= 15, f"only {names}")
    for name in names:
        unit = project.source / f"{name.replace('/', '_')}.cpp"
        unit.write_text(f'#include <boost/{name}.hpp>\n#include "utils/gpu_memory.hpp"\nutils::Stream stream;\n')
    units = sorted(project.source.glob("*.cpp"))
    commands(project, units, [f"-I{project.source}"])
    result, report = project.run("--no-verify", "--unit-timeout=600")
    check(report["units"] == {"parsed": len(units), "skipped": 0, "failed": 0}, result.stderr)
    check(report["totals"]["migrated"] == report["totals"]["sites"] == 2 * len(units), str(report["totals"]))
    check(not [site for site in report["sites"] if site["file"].startswith("boost/")], "a foreign file has sites")
    check("a/boost/" not in result.stdout, "a foreign file would be edited")


def main():
    given = arguments()
    for test in (thousands_of_files_are_passed_over_by_their_text, foreign_code_beside_legacy_code_is_read_and_left):
        print(test.__name__, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            test(Project(given, folder, {}))


if __name__ == "__main__":
    sys.exit(main())
