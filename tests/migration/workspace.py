# SPDX-License-Identifier: Apache-2.0
"""A throw-away project for the rewriter's tests: sources, a compilation database, runs of the tool."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile


def add_library_arguments(parser):
    parser.add_argument("--facades", required=True, help="the deprecated headers")
    for name in ("compat", "core", "runtime"):
        parser.add_argument(f"--{name}", default="", help="library to link; nothing is linked or run without the first two")
    parser.add_argument("--application", default="", help="the legacy application as it was built")
    parser.add_argument("--objects", nargs="*", default=[], help="its object files")


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("tool", "new-api", "legacy", "root"):
        parser.add_argument(f"--{name}", required=True)
    add_library_arguments(parser)
    return parser.parse_args()


def check(condition, message):
    if not condition:
        print(message, file=sys.stderr)
        sys.exit(1)


class Project:
    def __init__(self, given, folder, files):
        self.given = given
        self.source = pathlib.Path(folder).resolve() / "source"
        self.build = pathlib.Path(folder).resolve() / "build"
        self.source.mkdir()
        self.build.mkdir()
        for name, text in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def database(self, units, flags=()):
        commands = [{"directory": str(self.build), "file": str(self.source / unit),
                     "arguments": ["c++", "-std=c++17", f"-I{self.source}", f"-I{self.given.legacy}", *flags, "-c",
                                   str(self.source / unit)]} for unit in units]
        (self.build / "compile_commands.json").write_text(json.dumps(commands))

    def run(self, *options):
        report = self.build / "report.json"
        command = [self.given.tool, "-p", str(self.build), f"--triune-include={self.given.new_api}",
                   f"--report={report}", *options]
        result = subprocess.run(command, cwd=self.source, capture_output=True, text=True, errors="replace")
        answer = json.loads(report.read_text()) if report.exists() else None
        return result, answer

    def text(self, name):
        return (self.source / name).read_text()


# A unit with one legacy call, in a function of that name.
LEGACY = '#include "utils/gpu_memory.hpp"\nstd::size_t NAME() { return utils::check_gpu_memory_leaks().size(); }\n'


def legacy(name):
    return LEGACY.replace("NAME", name)


# The test is given a project of `files`, each source in its database, and the project is gone after it.
def in_project(files):
    def wrap(test):
        def run(given):
            with tempfile.TemporaryDirectory() as folder:
                project = Project(given, folder, files)
                project.database([name for name in files if name.endswith((".cpp", ".cu"))])
                test(project)
        run.__name__ = test.__name__
        return run
    return wrap
