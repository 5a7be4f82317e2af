# SPDX-License-Identifier: Apache-2.0
"""Builds the wheel with the library that TRIUNE_C_LIBRARY names, and uses it where nothing else is.

Usage: wheel_test.py PYTHON_FOLDER. Exit status 77, skipped, where Python has no setuptools with wheels.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PROGRAM = """
import triune
buffer = triune.Manager().make_buffer("x", 3)
buffer.fill(2)
print(triune.__file__, triune._library.library_path(), buffer.download().tolist())
"""


def makes_wheels(python):
    try:
        return subprocess.run([python, "-c", "import setuptools, wheel"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def main():
    python = next((each for each in (sys.executable, "/usr/bin/python3") if makes_wheels(each)), None)
    if python is None:
        print("skipped: neither this Python nor the system's has setuptools and wheel")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        shutil.copytree(sys.argv[1], sources)
        built = subprocess.run([python, "setup.py", "-q", "bdist_wheel"], cwd=sources, capture_output=True, text=True)
        wheels = list((sources / "dist").glob("*.whl"))
        assert built.returncode == 0 and len(wheels) == 1, built.stdout + built.stderr
        assert "-py3-none-linux" in wheels[0].name, wheels[0].name
        place = Path(folder) / "place"
        with zipfile.ZipFile(wheels[0]) as wheel:
            wheel.extractall(place)
        alone = {name: value for name, value in os.environ.items() if name != "TRIUNE_C_LIBRARY"}
        done = subprocess.run([sys.executable, "-B", "-c", PROGRAM], cwd=folder, capture_output=True, text=True,
                              env={**alone, "PYTHONPATH": str(place)})
        package = place / "triune"
        expected = f"{package}/__init__.py {package}/libtriune_c.so [2.0, 2.0, 2.0]\n"
        assert done.stdout == expected, done.stdout + done.stderr
    return 0


sys.exit(main())
