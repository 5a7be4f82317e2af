#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What compilers say about uses of the legacy headers.

Usage: deprecation_test.py COMPAT_DIR COMPILER...; a compiler that is not there is passed by with a message, and the first
one must be there.
"""
import functools
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
COMPAT = pathlib.Path()
COMPILERS = []
HEADERS = ["utils/cuda_error_handling.hpp", "utils/device_buffer.hpp", "utils/gpu_memory.hpp",
           "utils/unified_gpu_compute.hpp", "gpu/dynamic_buffer_manager.hpp"]
STRICT = ["-Wall", "-Wextra", "-Wdeprecated-declarations"]
MODULES = {"GPU_MEMORY": "1", "DYNAMIC_BUFFER_MANAGER": "2", "UNIFIED_GPU_COMPUTE": "3", "DEVICE_BUFFER": "4"}
WARNING = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+):\d+: warning: (?P<text>.*)$", re.MULTILINE)


def compile_only(compiler, source, *options, standard="c++17"):
    return subprocess.run([compiler, f"-std={standard}", "-fsyntax-only", f"-I{COMPAT}", *STRICT, *options, str(source)],
                          capture_output=True, text=True, env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C"})


@functools.lru_cache(maxsize=None)
def warned(compiler, *options, standard="c++17"):
    """The ids that a compiler names, by line of every_name.cpp; fails where it warns of another file."""
    finished = compile_only(compiler, HERE / "every_name.cpp", *options, standard=standard)
    if finished.returncode != 0:
        raise AssertionError(f"{compiler}: every_name.cpp does not compile:\n{finished.stderr}")
    found = {}
    for match in WARNING.finditer(finished.stderr):
        if pathlib.Path(match["file"]).name != "every_name.cpp":
            raise AssertionError(f"{compiler} warns inside a header: {match[0]}")
        for identifier in re.findall(r"TRIUNE(\d{4}): use .+; run triune-migrate", match["text"]):
            found.setdefault(int(match["line"]), set()).add(identifier)
    return found


def annotated(compiler):
    """The ids that each line of every_name.cpp asks for; lines that are another compiler's are left out."""
    lines = {}
    for number, line in enumerate((HERE / "every_name.cpp").read_text().splitlines(), 1):
        match = re.search(r"// ([\d -]+)( clang| g\+\+)?$", line)
        if match and (not match[2] or match[2].strip() in compiler):
            lines[number] = set(re.findall(r"\d{4}", match[1]))
    return lines


class Deprecations(unittest.TestCase):
    def test_a_unit_that_only_includes_the_headers_gives_no_warning(self):
        with tempfile.TemporaryDirectory() as folder:
            for headers, standard in [*(((header,), "c++17") for header in HEADERS), (HEADERS + HEADERS, "c++20")]:
                source = pathlib.Path(folder) / "includes.cpp"
                source.write_text("".join(f'#include "{header}"\n' for header in headers))
                for compiler in COMPILERS:
                    with self.subTest(compiler=compiler, headers=headers, standard=standard):
                        finished = compile_only(compiler, source, "-Werror", "-Wpedantic", standard=standard)
                        self.assertEqual((finished.returncode, finished.stderr), (0, ""))

    def test_each_use_of_a_name_warns_with_its_id_and_its_replacement(self):
        for compiler in COMPILERS:
            expected = annotated(compiler)
            self.assertGreater(len(expected), 80)
            for standard in ("c++17", "c++20"):
                found = warned(compiler, standard=standard)
                for line, ids in expected.items():
                    with self.subTest(compiler=compiler, line=line, standard=standard):
                        self.assertEqual(found.get(line, set()), ids)

    def test_one_macro_silences_all(self):
        for compiler in COMPILERS:
            self.assertEqual(warned(compiler, "-DTRIUNE_NO_DEPRECATION"), {})

    def test_one_macro_a_module_silences_that_module(self):
        for compiler in COMPILERS:
            everything = {i for ids in warned(compiler).values() for i in ids}
            for module, digit in MODULES.items():
                with self.subTest(compiler=compiler, module=module):
                    left = {i for ids in warned(compiler, f"-DTRIUNE_NO_DEPRECATION_{module}").values() for i in ids}
                    self.assertEqual(left, {i for i in everything if not i.startswith(digit)})


class FrozenHeaders(unittest.TestCase):
    def test_the_headers_declare_just_what_the_frozen_ones_do(self):
        frozen = HERE.parent / "legacy" / "include"
        for header in HEADERS:
            with self.subTest(header=header):
                self.assertEqual(self.code(COMPAT / header), self.code(frozen / header))

    @staticmethod
    def code(path):
        text = re.sub(r'TRIUNE_DEPRECATED_\w+\("\d{4}", "[^"]*"\)|TRIUNE_QUIET_\w+', " ", path.read_text())
        text = text.replace('#include "utils/triune_deprecation.hpp"', "")
        return " ".join(re.sub(r"//[^\n]*", " ", text).split())


if __name__ == "__main__":
    COMPAT = pathlib.Path(sys.argv[1]).resolve()
    for name in sys.argv[2:]:
        if shutil.which(name):
            COMPILERS.append(name)
        else:
            print(f"{name} is not here: not tried")
    if not COMPILERS:
        sys.exit("no compiler to try")
    unittest.main(argv=sys.argv[:1])
