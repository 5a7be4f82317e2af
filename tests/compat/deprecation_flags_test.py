#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What flags do to legacy uses, with each compiler, by itself and through triune_track_migration() in CMake.

Usage: deprecation_flags_test.py SOURCE_DIR GENERATOR COMPILER...; what is not there is passed by with a message, the first must be.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path()
GENERATOR = ""
COMPILERS = []
USES = {"GPU_MEMORY": "#include \"utils/gpu_memory.hpp\"\nauto use() { return utils::check_gpu_memory_leaks(); }\n",
        "DYNAMIC_BUFFER_MANAGER": "#include \"gpu/dynamic_buffer_manager.hpp\"\nauto use() { return gpu::BufferConfig::for_edges(); }\n",
        "UNIFIED_GPU_COMPUTE": "#include \"utils/unified_gpu_compute.hpp\"\nvoid use(utils::UnifiedGPUCompute& c) { c.swap_buffers(); }\n",
        "DEVICE_BUFFER": "#include \"utils/device_buffer.hpp\"\nvoid use(utils::Stream& s) { s.synchronize(); }\n"}


def family(compiler):
    name = pathlib.Path(compiler).name
    return "nvcc" if "nvcc" in name else "clang++" if "clang" in name else "g++"


def compiled(compiler, source, *flags):
    what = ["-c", "-o", "/dev/null"] if family(compiler) == "nvcc" else ["-fsyntax-only"]
    return subprocess.run([compiler, "-std=c++17", *what, f"-I{ROOT / 'compat'}", *flags, str(source)], capture_output=True, text=True)


def verdict(finished):
    if finished.returncode != 0:
        return "an error"
    return "a warning" if "is deprecated: TRIUNE" in finished.stderr + finished.stdout else "nothing"


class Folder(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)

    def source(self, text, compiler):
        path = self.folder / ("use.cu" if family(compiler) == "nvcc" else "use.cpp")
        path.write_text(text)
        return path


class Flags(Folder):
    def rows(self):
        text = (ROOT / "docs" / "deprecations.md").read_text()
        table = re.search(r"<!-- flags: begin -->\n(.*?)<!-- flags: end -->", text, re.DOTALL)[1]
        return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]

    def test_each_row_of_the_table_of_flags_is_true(self):
        rows = self.rows()
        self.assertGreater(len(rows), 15)
        for compiler in COMPILERS:
            for kind, flag, says in rows:
                if kind not in ("any", family(compiler)):
                    continue
                module = flag.partition("NO_DEPRECATION_")[2]
                if module and family(compiler) == "nvcc":
                    continue  # the headers know no compiler there, and this one takes its time
                # Another module's use must go on as before; the shortest header serves for the rest.
                uses = {module: says.split(",")[0], ("DEVICE_BUFFER", "GPU_MEMORY")[module == "DEVICE_BUFFER"]: "a warning"}
                for of, expected in uses.items() if module else [("DEVICE_BUFFER", says)]:
                    with self.subTest(compiler=compiler, flag=flag, of=of):
                        flags = [] if flag == "(none)" else [flag]
                        finished = compiled(compiler, self.source(USES[of], compiler), *flags)
                        self.assertEqual(verdict(finished), expected, finished.stderr)

    def test_headers_alone_are_silent_for_nvcc(self):
        for compiler in (c for c in COMPILERS if family(c) == "nvcc"):
            text = "".join(line for use in USES.values() for line in use.splitlines(True) if line.startswith("#"))
            finished = compiled(compiler, self.source(text, compiler), "--Werror=all-warnings")
            self.assertEqual((finished.returncode, finished.stderr), (0, ""))


class Templates(Folder):
    def counts(self, compiler, *flags):
        source = self.source((HERE / "templates.cpp").read_text(), compiler)
        said = compiled(compiler, source, *flags).stderr
        found = [match[1] for match in re.finditer(r"(TRIUNE\d{4}): use", said)]
        return {identifier: found.count(identifier) for identifier in ("TRIUNE4001", "TRIUNE1004")}

    def test_what_depends_on_a_parameter_is_counted_once_an_instantiation_and_never_without(self):
        for compiler in COMPILERS:
            with self.subTest(compiler=compiler):
                self.assertEqual(self.counts(compiler)["TRIUNE4001"], 0)
                # Two instantiations, and the two classes that of_two_types() names.
                self.assertEqual(self.counts(compiler, "-DINSTANTIATE")["TRIUNE4001"], 2 + 2)

    def test_what_depends_on_none_is_found_where_it_stands_and_gcc_repeats_it(self):
        for compiler in COMPILERS:
            with self.subTest(compiler=compiler):
                self.assertEqual(self.counts(compiler)["TRIUNE1004"], 1)
                again = self.counts(compiler, "-DINSTANTIATE")["TRIUNE1004"]
                if family(compiler) == "clang++":
                    self.assertEqual(again, 1)
                else:
                    self.assertGreater(again, 1)


class TrackMigration(Folder):
    """Through CMake: a warning where it is asked for, an error with ERROR, and refused arguments."""

    def project(self, language, compiler, body):
        suffix = "cu" if language == "CUDA" else "cpp"
        (self.folder / f"legacy.{suffix}").write_text(USES["DEVICE_BUFFER"])
        (self.folder / f"clean.{suffix}").write_text("int clean() { return 1; }\n")
        host = "set(CMAKE_CUDA_ARCHITECTURES 90)\n" if language == "CUDA" else ""
        (self.folder / "CMakeLists.txt").write_text(
            f"cmake_minimum_required(VERSION 3.25)\n{host}project(tracked LANGUAGES {language})\n"
            f"include({ROOT / 'cmake' / 'TriuneTrackMigration.cmake'})\n"
            f"include_directories({ROOT / 'compat'})\nset(suffix {suffix})\n{body}")
        return subprocess.run(["cmake", "-S", self.folder, "-B", self.folder / "build", "-G", GENERATOR,
                               f"-DCMAKE_{language}_COMPILER={compiler}"], capture_output=True, text=True)

    def build(self, target):
        return subprocess.run(["cmake", "--build", self.folder / "build", "--target", target], capture_output=True, text=True)

    def test_a_target_warns_or_fails_as_it_is_told(self):
        for compiler in COMPILERS:
            language = "CUDA" if family(compiler) == "nvcc" else "CXX"
            with self.subTest(compiler=compiler):
                shutil.rmtree(self.folder / "build", ignore_errors=True)
                configured = self.project(language, compiler, """
add_library(warned OBJECT legacy.${suffix})
triune_track_migration(warned)
add_library(refused OBJECT legacy.${suffix})
triune_track_migration(refused ERROR)
add_library(migrated OBJECT clean.${suffix})
triune_track_migration(migrated ERROR)
add_library(rules INTERFACE)
triune_track_migration(rules ERROR)
add_library(ruled OBJECT legacy.${suffix})
target_link_libraries(ruled PRIVATE rules)
# A project's own habits come first: what is asked for later on the command line holds.
add_library(silent_project OBJECT legacy.${suffix})
target_compile_options(silent_project BEFORE PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-declarations>")
triune_track_migration(silent_project)
""")
                self.assertEqual(configured.returncode, 0, configured.stderr)
                for target, fails, warns in (("warned", False, True), ("refused", True, True), ("migrated", False, False),
                                             ("ruled", True, True), ("silent_project", False, True)):
                    built = self.build(target)
                    said = built.stdout + built.stderr
                    self.assertEqual(built.returncode != 0, fails, f"{target}: {said}")
                    self.assertEqual("TRIUNE4002" in said, warns, f"{target}: {said}")

    def test_wrong_arguments_are_refused_by_name(self):
        for body, words in (("triune_track_migration(nowhere)", "'nowhere' is not a target"),
                            ("add_library(a OBJECT legacy.cpp)\ntriune_track_migration(a WARN)", "unknown argument 'WARN'")):
            with self.subTest(body=body):
                shutil.rmtree(self.folder / "build", ignore_errors=True)
                configured = self.project("CXX", COMPILERS[0], body + "\n")
                self.assertNotEqual(configured.returncode, 0)
                self.assertIn(words, " ".join(configured.stderr.split()))


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv[1]).resolve()
    GENERATOR = sys.argv[2]
    for name in sys.argv[3:]:
        if shutil.which(name):
            COMPILERS.append(name)
        else:
            print(f"{name} is not here: not tried")
    if not COMPILERS:
        sys.exit("no compiler to try")
    unittest.main(argv=sys.argv[:1])
