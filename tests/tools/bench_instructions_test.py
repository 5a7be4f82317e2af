# SPDX-License-Identifier: Apache-2.0
"""tools/bench/instructions.py on made-up profiles, with a stand-in for valgrind.

Usage: bench_instructions_test.py FOLDER_OF_BENCH
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = ""
# counted() calls the pool, which calls the simulated device: 70 instructions with all below it, of them 30 by the device itself.
PROFILE = """# callgrind format
version: 1
events: Ir
fl=bench.cpp
fn=counted
16 10
cfi=pool.cpp
cfn=triune::Pool::allocate(unsigned long, void*)
calls=2 20
16 170
fn=triune::Pool::allocate(unsigned long, void*)
20 100
cfn=triune::sim::SimDevice::fill(void*, unsigned int)
calls=2 90
21 70
fn=triune::sim::SimDevice::fill(void*, unsigned int)
90 30
cfn=triune::sim::SimSchedule::enqueue(triune::sim::SimStream&)
calls=2 95
91 25
cfn=malloc
calls=2 0
91 15
summary: 180
"""
COSTS = {"pooled pair": 10, "pair by address": 15, "owned pair, not zeroed": 25, "named pair": 40,
         "named pair, not zeroed": 30, "lookup": 5, "leak check": 1000, "leak check, different sizes": 2000}
# What it takes: 100 once, and so many for each operation. Refuses what the real one would.
VALGRIND = """#!{python}
import sys
costs = {costs}
options = dict(word.split("=", 1) for word in sys.argv[1:] if word.startswith("--"))
program, operation, times = sys.argv[-3:]
if options["--tool"] != "callgrind" or options["--toggle-collect"] != "counted" or program != "PROGRAM":
    sys.exit("a wrong command")
open(options["--callgrind-out-file"], "w").write(f"summary: {{100 + costs[operation] * int(times)}}\\n")
"""


class Profiles(unittest.TestCase):
    def test_the_simulated_device_is_left_out_with_all_it_calls_and_once(self):
        self.assertEqual(instructions.instructions_in(PROFILE), 180 - 70)

    def test_a_cost_of_the_function_itself_is_no_calls(self):
        self.assertEqual(instructions.instructions_in(PROFILE.replace("SimDevice::fill", "Fill").replace("::sim::", "::")), 180)

    def test_an_empty_profile_is_an_error(self):
        for nothing in ("", "events: Ir\nsummary: 0\n"):
            self.assertRaises(ValueError, instructions.instructions_in, nothing)


class Ceilings(unittest.TestCase):
    CEILINGS = {"compiler": "GNU 12 x86_64", "instructions": {"lookup": 100}}

    def test_the_ceiling_itself_passes_and_one_more_does_not(self):
        self.assertEqual(instructions.passed({"lookup": 100}, self.CEILINGS, "GNU 12 x86_64"), [])
        said = instructions.passed({"lookup": 101}, self.CEILINGS, "GNU 12 x86_64")
        self.assertEqual(said, ["'lookup' takes 101 instructions, its ceiling is 100"])

    def test_another_compiler_is_allowed_more_but_not_anything(self):
        self.assertEqual(instructions.passed({"lookup": 110}, self.CEILINGS, "Clang 19 x86_64"), [])
        self.assertEqual(len(instructions.passed({"lookup": 200}, self.CEILINGS, "Clang 19 x86_64")), 1)

    def test_an_operation_without_a_ceiling_is_told(self):
        self.assertIn("no ceiling", instructions.passed({"new": 1}, self.CEILINGS, "GNU 12 x86_64")[0])

    def test_every_operation_has_one(self):
        there = json.loads(Path(FOLDER, "instructions.json").read_text(encoding="utf-8"))
        self.assertEqual(set(there["instructions"]), set(instructions.OPERATIONS))

    def test_new_ceilings_have_head_room(self):
        self.assertEqual(instructions.new_ceilings({"lookup": 200}, "GNU 13"), {"compiler": "GNU 13", "instructions": {"lookup": 220}})


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.ceilings = self.folder / "ceilings.json"
        self.write(COSTS)

    def write(self, ceilings):
        self.ceilings.write_text(json.dumps({"compiler": "unknown", "instructions": ceilings}), encoding="utf-8")

    def run_script(self, *options, valgrind=VALGRIND, program="PROGRAM"):
        if valgrind is not None:
            stand_in = self.folder / "valgrind"
            stand_in.write_text(valgrind.format(python=sys.executable, costs=COSTS), encoding="utf-8")
            stand_in.chmod(0o755)
        return subprocess.run([sys.executable, "-B", f"{FOLDER}/instructions.py", program, str(self.ceilings), *options],
                              env={**os.environ, "PATH": str(self.folder)}, capture_output=True, text=True, check=False)  # fmt: skip

    def test_what_the_first_operation_costs_is_not_counted(self):
        result = self.run_script()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("pooled pair: 10 instructions\n", result.stdout)

    def test_a_passed_ceiling_is_named_with_what_to_do(self):
        self.write({**COSTS, "pooled pair": 9})
        result = self.run_script()
        self.assertEqual(result.returncode, 1)
        self.assertIn("'pooled pair' takes 10 instructions, its ceiling is 9", result.stderr)
        self.assertNotIn("'lookup'", result.stderr)
        self.assertIn("--compiler 'unknown' --update", result.stderr)

    def test_an_update_writes_what_then_passes(self):
        self.write({})
        self.assertEqual(self.run_script("--update", "--compiler", "GNU 13").returncode, 0)
        written = json.loads(self.ceilings.read_text(encoding="utf-8"))
        self.assertEqual((written["compiler"], written["instructions"]["named pair"]), ("GNU 13", 44))
        self.assertEqual(self.run_script("--compiler", "GNU 13").returncode, 0)

    def test_without_valgrind_it_is_skipped(self):
        self.assertEqual(self.run_script(valgrind=None).returncode, 77)

    def test_a_program_that_fails_is_no_skip_and_no_pass(self):
        result = self.run_script(program="another")
        self.assertEqual(result.returncode, 2)
        self.assertIn("a wrong command", result.stderr)


if __name__ == "__main__":
    FOLDER = sys.argv.pop(1)
    sys.path.insert(0, FOLDER)
    import instructions

    unittest.main()
