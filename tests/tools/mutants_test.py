# SPDX-License-Identifier: Apache-2.0
"""The mutants of tools/mutate: each still fits the library's text, and the tool tells who lives.

Usage: mutants_test.py FOLDER_OF_TOOLS
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop())
sys.path.insert(0, str(TOOLS / "mutate"))
import lanes  # noqa: E402
import mutants as tables  # noqa: E402
import run as tool  # noqa: E402


class Mutants(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def mutant(self, old, new):
        return tables.Mutant("alloc", "m", "a.cpp", [old], [new])

    def test_each_old_text_is_there_just_once(self):
        self.assertEqual(tables.check(TOOLS.parent, tables.read()), [])

    def test_there_are_at_least_sixty_over_all_rooms(self):
        mutants = tables.read()
        self.assertGreaterEqual(len(mutants), 60)
        self.assertEqual({m.table for m in mutants}, set(tables.SUITES))

    def test_layout_does_not_matter(self):
        self.assertEqual(self.mutant("if (a) b();", "c();").applied("x\n  if (a)\n      b();\ny"), "x\n  c();\ny")

    def test_a_text_that_is_gone_or_there_twice_is_told(self):
        self.write("a.cpp", "b(); b();")
        self.assertIn("2 times", tables.check(self.folder, [self.mutant("b();", "c();")])[0])
        self.assertIn("0 times", tables.check(self.folder, [self.mutant("d();", "c();")])[0])

    def test_an_edit_that_changes_nothing_is_told(self):
        self.write("a.cpp", "b();")
        self.assertIn("changes nothing", tables.check(self.folder, [self.mutant("b();", "b();")])[0])

    def test_a_file_that_is_gone_is_told(self):
        self.assertIn("no file", tables.check(self.folder, [self.mutant("b();", "c();")])[0])

    def test_a_line_of_no_kind_is_refused(self):
        self.write("alloc.txt", "== m\nfile a.cpp\nnonsense\n")
        with self.assertRaises(tables.Unfit):
            tables.read(self.folder)

    def suite(self, body):
        program = self.write("some_suite", "#!/bin/sh\n" + body)
        program.chmod(0o755)
        return tool.noticed(program)

    def test_a_suite_that_passes_lets_a_mutant_live(self):
        self.assertIsNone(self.suite("exit 0\n"))

    def test_the_case_that_notices_it_is_named(self):
        told = self.suite("""echo 'x.cpp(1): error: in "pool/a_case": check failed'; exit 201\n""")
        self.assertEqual(told, "pool/a_case")

    def test_a_crash_is_noticed(self):
        self.assertIn("-11", self.suite("kill -SEGV $$\n"))

    def build_of_a_project(self):
        """A library, and a suite that passes where answer() is 42 and half() is 21."""
        self.write("core/lib/half.hpp", "#pragma once\ninline int half() { return 21; }\n")
        self.write("core/lib/answer.cpp", "#include <lib/half.hpp>\nint answer() { return 2 * half(); }\n")
        self.write("tests/suite.cpp", "#include <lib/half.hpp>\nint answer();\n"
                                      "#include <fstream>\n#include <string>\nint main(int, char** names) {\n"
                                      "const std::string self = names[0];\n"
                                      "std::ifstream beside(self.substr(0, self.rfind('/')) + \"/beside\");\n"
                                      "return beside && answer() == 42 && half() == 21 ? 0 : 1; }\n")
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(p CXX)\nadd_subdirectory(core)\n"
                                     "add_executable(triune_alloc_tests tests/suite.cpp)\n"
                                     "target_link_libraries(triune_alloc_tests lib)\n"
                                     "file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/beside x)\n")
        self.write("core/CMakeLists.txt", "add_library(lib lib/answer.cpp)\n"
                                          "target_include_directories(lib PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})\n")
        folder = self.folder / tool.BUILD
        for command in (["cmake", "-S", str(self.folder), "-B", str(folder), "-G", "Ninja"],
                        ["cmake", "--build", str(folder)]):
            subprocess.run(command, check=True, capture_output=True)
        return lanes.Build(self.folder, folder)

    def test_each_mutant_is_judged_beside_the_build(self):
        build = self.build_of_a_project()
        def judged(file, old, new):
            mutant = tables.Mutant("alloc", "m", file, [old], [new])
            return tool.judge(build, mutant)
        self.assertEqual(judged("core/lib/answer.cpp", "2 * half()", "3 * half()")[0], "died")
        self.assertEqual(judged("core/lib/answer.cpp", "2 * half()", "half() * 2")[0], "LIVES")
        self.assertEqual(judged("core/lib/half.hpp", "return 21;", "return 20;")[0], "died")
        self.assertEqual(judged("core/lib/half.hpp", "return 21;", "return 20 + 1;")[0], "LIVES")
        self.assertEqual(judged("core/lib/answer.cpp", "half()", "third()")[0], "unfit")
        self.assertIsNone(tool.noticed(build.folder / "triune_alloc_tests"))
        self.assertIn("21;", (self.folder / "core/lib/half.hpp").read_text())


if __name__ == "__main__":
    unittest.main()
