#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each public header says to a unit without exceptions or without run-time type information.

Usage: compiler_flags_test.py SOURCE_DIR INCLUDE_DIRS COMPILER...; what is not there is passed by with a message, the first must be.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path()
INCLUDES = []
COMPILERS = []
BOTH = ("-fno-rtti", "-fno-exceptions")


class Flags(unittest.TestCase):
    def errors(self, compiler, standard, headers, *flags):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "unit.cpp"
            source.write_text("".join(f'#include "{header}"\n' for header in headers))
            done = subprocess.run([compiler, f"-std={standard}", "-fsyntax-only", "-Wfatal-errors", "-DTRIUNE_NO_DEPRECATION",
                                   f"-I{ROOT / 'core'}", f"-I{ROOT / 'compat'}",
                                   *(f"-idirafter{each}" for each in INCLUDES), *flags, str(source)],
                                  capture_output=True, text=True)
        return done.returncode, done.stderr

    def serves(self, standard, headers, *flags):
        for compiler in COMPILERS:
            status, messages = self.errors(compiler, standard, headers, *flags)
            self.assertEqual(status, 0, f"{compiler}: {messages}")

    def refuses(self, header, sentence, *flags):
        for compiler in COMPILERS:
            status, messages = self.errors(compiler, "c++20", [header], *flags)
            self.assertNotEqual(status, 0, f"{compiler}, {header}")
            self.assertRegex(messages, "error.*" + re.escape(sentence), f"{compiler}, {header}")

    def test_headers_up_to_handles_need_no_rtti(self):
        self.serves("c++20", ["triune/manage/buffer.hpp", "triune/device/stream.hpp", "triune/device/devices.hpp"],
                    "-fno-rtti")

    def test_the_manager_asks_for_rtti(self):
        for header in ("triune/triune.hpp", "triune/manage/manager.hpp"):
            self.refuses(header, "compile this unit with -frtti", "-fno-rtti")

    def test_the_core_asks_for_exceptions(self):
        for header in ("triune/triune.hpp", "triune/manage/buffer.hpp"):
            self.refuses(header, "compile this unit with -fexceptions", "-fno-exceptions")

    def test_the_facades_need_neither(self):
        facades = [str(path.relative_to(ROOT / "compat")) for room in ("utils", "gpu")
                   for path in sorted((ROOT / "compat" / room).glob("*.hpp"))]
        self.assertGreaterEqual(len(facades), 5)
        self.serves("c++17", facades, *BOTH)


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv[1])
    INCLUDES = [each for each in sys.argv[2].split(",") if each]
    if shutil.which(sys.argv[3]) is None:
        sys.exit(f"{sys.argv[3]} is missing")
    for name in sys.argv[3:]:
        if shutil.which(name) is None:
            print(f"passed by: {name} is not here")
        else:
            COMPILERS.append(name)
    unittest.main(argv=sys.argv[:1])
