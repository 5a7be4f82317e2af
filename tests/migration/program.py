# SPDX-License-Identifier: Apache-2.0
"""A folder of sources as a program: compiled, linked and run on the simulated device, before and after its migration."""
import os
import pathlib
import re
import shutil
import subprocess

from workspace import check

MODULE_HEADERS = ("utils/gpu_memory.hpp", "utils/device_buffer.hpp", "utils/unified_gpu_compute.hpp",
                  "gpu/dynamic_buffer_manager.hpp")
STRICT = ("-Wall", "-Wextra", "-Werror", "-Wno-unused-variable", "-Wno-unused-function")
# Nobody owns a GPU here, and what the two programs say must not depend on the machine.
ENVIRONMENT = dict(os.environ, TRIUNE_DEVICE="sim", LEGACY_DEVICE="host", LAYOUT_DEVICE="cpu")
# What the rewriter makes is the same text each time, in another folder.
LAUNCHER = [shutil.which("ccache")] if shutil.which("ccache") else []


def has_main(folder):
    return any(re.search(rb"^int main\(", path.read_bytes(), re.M) for path in folder.rglob("*.cpp"))


class Program:
    def __init__(self, given, source, build):
        self.given = given
        self.source = source
        self.build = build
        self.linkable = bool(given.compat and given.core)

    def compile(self, name, *options, units=None):
        """Object files of the units, or of all, and the files that they include; `name` keeps several builds apart."""
        objects, included = [], set()
        for path in sorted(self.source.rglob("*.cpp")) if units is None else units:
            stem = self.build / f"{name}_{str(path.relative_to(self.source)).replace('/', '_')}"
            command = [*LAUNCHER, "c++", *options, f"-I{self.source}", "-MD", "-MF", f"{stem}.d", "-c", str(path), "-o", f"{stem}.o"]
            result = subprocess.run(command, cwd=self.build, capture_output=True, text=True, errors="replace",
                                    env=dict(os.environ, CCACHE_BASEDIR=str(self.build.parent), CCACHE_NOHASHDIR="1"))
            check(result.returncode == 0, f"{name}: {path.name} does not compile:\n{result.stderr}\n"
                                          f"{path.read_text(errors='replace')}")
            objects.append(f"{stem}.o")
            included.update(pathlib.Path(f"{stem}.d").read_text().replace("\\\n", " ").split()[1:])
        return objects, included

    def compile_legacy(self):
        return self.compile("legacy", "-std=c++17", f"-I{self.given.legacy}")[0]

    def compile_migrated(self, complete, *options, units=None):
        """Against the new interface and the facades; where the migration is `complete` nothing of the latter is left but the
        error handling. Also says whether the facades' library is still needed."""
        deprecated = "-Werror=deprecated-declarations" if complete else "-Wno-deprecated-declarations"
        objects, included = self.compile("migrated", "-std=c++20", *STRICT, deprecated, *options, f"-I{self.given.new_api}",
                                         f"-I{self.given.facades}", units=units)
        left = sorted(file for file in included if file.startswith(self.given.facades) and file.endswith(MODULE_HEADERS))
        check(not complete or not left, f"still included: {left}")
        return objects, not complete or any(file.endswith("utils/cuda_error_handling.hpp") for file in included)

    def run(self, name, objects, facades, *arguments, libraries=()):
        """What the program prints and how it exits. Messages on stderr are nobody's interface."""
        program = self.build / name
        archives = [self.given.compat] * facades + [self.given.core] + [self.given.runtime] * bool(self.given.runtime)
        linked = subprocess.run(["c++", *objects, *archives, *libraries, "-ldl", "-lrt", "-pthread", "-s", "-o", str(program)],
                                capture_output=True, text=True)
        check(linked.returncode == 0, f"{name} does not link:\n{linked.stderr}")
        ended = subprocess.run([str(program), *arguments], cwd=self.build, env=ENVIRONMENT, capture_output=True, timeout=120)
        check(ended.returncode >= 0, f"{name} died of signal {-ended.returncode}:\n{ended.stderr.decode(errors='replace')}")
        return ended.stdout, ended.returncode
