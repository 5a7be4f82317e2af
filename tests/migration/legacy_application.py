# SPDX-License-Identifier: Apache-2.0
"""The legacy application in a throw-away project, sorted into folders, and what it draws."""
import json
import pathlib
import re
import subprocess

from program import ENVIRONMENT, Program
from workspace import Project, check

# The application lies in one folder. In three, each sees the others: the layout stands on the device, the output on both.
FOLDERS = {"device": ("device_", "spatial_grid", "memory_log", "checkpoint", "layout_kernels", "force_model"),
           "output": ("canvas", "picture", "summary", "main", "options"),
           "layout": ("",)}
FRAMES = ("--frames", "30")


def folder_of(name):
    return next(folder for folder, beginnings in FOLDERS.items() if name.startswith(beginnings))


class Application(Project):
    def __init__(self, given, folder):
        self.original = pathlib.Path(given.root) / "tests" / "legacy" / "application"
        files = {path.name: path.read_text() for path in sorted(self.original.glob("*.[ch]pp"))}
        super().__init__(given, folder, {f"{folder_of(name)}/{name}": text for name, text in files.items()})
        self.folders = [f"-I{self.source / each}" for each in FOLDERS]
        self.units = sorted(self.source.rglob("*.cpp"))
        self.database([str(unit.relative_to(self.source)) for unit in self.units], self.folders)

    def texts(self):
        return {path.name: path.read_text() for path in sorted(self.source.rglob("*.[ch]pp"))}

    def touched(self, path, seen=None):
        """Whether a unit, or a header that it includes, is not as it was."""
        seen = set() if seen is None else seen
        if path in seen:
            return False
        seen.add(path)
        text = path.read_text()
        if text != (self.original / path.name).read_text():
            return True
        headers = (self.source / folder_of(name) / name for name in re.findall(r'^#include "(\w+\.hpp)"', text, re.M))
        return any(self.touched(header, seen) for header in headers)

    def run_program(self, complete):
        """Summary and picture of the program as it stands. As make would, takes objects of untouched units as they are."""
        program = Program(self.given, self.source, self.build)
        touched = [unit for unit in self.units if self.touched(unit)]
        untouched = [path for path in self.given.objects
                     if not any(pathlib.Path(path).name == f"{unit.name}.o" for unit in touched)]
        check(len(touched) > 3 and len(untouched) > 3, f"{len(touched)} units were touched, {len(untouched)} were not")
        objects, facades = program.compile_migrated(complete, *self.folders, units=touched)
        output = self.build / "drawn"
        said, status = program.run("package_map", objects + untouched, facades, "--input", self.packages(), "--output", str(output),
                                   *FRAMES, libraries=("-lz",))
        check(status == 0, f"exit {status}: {said}")
        return drawn(output)

    def run_legacy(self):
        output = self.build / "drawn_by_legacy"
        subprocess.run([self.given.application, "--input", self.packages(), "--output", str(output), *FRAMES], env=ENVIRONMENT,
                       capture_output=True, check=True, timeout=120)
        return drawn(output)

    def packages(self):
        return str(self.original / "fixture" / "packages.txt")


def drawn(output):
    summary = (output / "summary.txt").read_text()
    check(summary.startswith("packages "), f"this is no summary:\n{summary}")
    return summary, (output / "package_map.png").read_bytes()
