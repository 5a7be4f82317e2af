# SPDX-License-Identifier: Apache-2.0
"""Puts libtriune_c into the wheel: the one that TRIUNE_C_LIBRARY names, or one built from the sources beside this."""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    from wheel.bdist_wheel import bdist_wheel

OPTIONS = ["TRIUNE_TESTS=OFF", "TRIUNE_MIGRATION=OFF", "TRIUNE_COMPAT=OFF", "TRIUNE_INSTALL=OFF",
           "CMAKE_BUILD_TYPE=Release"]


def built_library(folder):
    sources = Path(__file__).resolve().parents[1]
    subprocess.run(["cmake", "-S", sources, "-B", folder, *(f"-D{each}" for each in OPTIONS)], check=True)
    subprocess.run(["cmake", "--build", folder, "--target", "triune_c", "--parallel"], check=True)
    return folder / "c" / "libtriune_c.so"


class BuildWithLibrary(build_py):
    def run(self):
        super().run()
        named = os.environ.get("TRIUNE_C_LIBRARY")
        library = Path(named) if named else built_library(Path(self.build_lib).resolve().parent / "triune_c")
        shutil.copyfile(library, Path(self.build_lib) / "triune" / "libtriune_c.so")


class PlatformWheel(bdist_wheel):
    """Any Python 3 of this platform: the library knows nothing of Python."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


class BinaryDistribution(Distribution):
    def has_ext_modules(self):
        return True


setup(cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel}, distclass=BinaryDistribution)
