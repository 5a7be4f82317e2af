#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/long.sh on programs that stand in for the long ones.

Usage: long_test.py LONG_SH
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = ""


class Long(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.build = pathlib.Path(temporary.name)
        self.stand_in("sequences/triune_sequences", 'echo "$@"')
        self.stand_in("soak/triune_soak_tests", 'echo "$TRIUNE_DEVICE $@"')
        self.stand_in("schedule/triune_schedule_tests", 'echo "further $TRIUNE_SCHEDULE_FURTHER"; exit 3')

    def stand_in(self, name, body):
        path = self.build / "tests" / name
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def run_it(self, *arguments):
        return subprocess.run([SCRIPT, "--build", str(self.build), *arguments], capture_output=True, text=True)

    def log(self, stage):
        return (self.build / "long" / f"{stage}.log").read_text().strip()

    def test_a_stage_is_run_and_told(self):
        done = self.run_it("--seconds", "7", "--only", "sequences", "soak")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^sequences +passed +\d+ s$")
        self.assertEqual(self.log("sequences"), "--full")
        self.assertEqual(self.log("soak"), "sim -- --seconds 7")

    def test_a_failure_is_told_with_its_log_and_the_others_go_on(self):
        done = self.run_it("--only", "schedule", "sequences")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"schedule +FAILED .* exit status 3: .*/long/schedule.log")
        self.assertIn("sequences", done.stdout)
        self.assertEqual(self.log("schedule"), "further 1")

    def test_what_is_missing_or_unknown_is_named(self):
        (self.build / "tests/soak/triune_soak_tests").unlink()
        for arguments, words in ((["--only", "soak"], "triune_soak_tests' is missing"), (["--only", "nap"], "unknown stage 'nap'"),
                                 (["--seconds", "0"], "'0' is no number"), (["--seconds"], "--seconds needs a value"),
                                 (["-x"], "unknown argument '-x'")):
            done = self.run_it(*arguments)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    SCRIPT = sys.argv.pop(1)
    unittest.main()
