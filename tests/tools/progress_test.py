# SPDX-License-Identifier: Apache-2.0
"""tools/progress.py over stand-ins for a build.

Usage: progress_test.py PROGRESS.PY
"""

import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = os.path.abspath(sys.argv.pop(1))
STEPS = "echo configuring; for n in 1 2 3 4 5; do echo \"[$n/5] Building $n\"; done"


class Progress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "build.log"

    def run_in_a_log(self, command, *options):
        return subprocess.run([sys.executable, "-B", SCRIPT, *options, str(self.log), "bash", "-c", command],
                              capture_output=True, text=True)

    def run_on_a_terminal(self, command):
        controller, terminal = pty.openpty()
        child = subprocess.Popen([sys.executable, "-B", SCRIPT, str(self.log), "bash", "-c", command],
                                 stdout=terminal, stderr=terminal)
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(controller, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(controller)
        return child.wait(), shown.decode()

    def test_in_a_log_the_first_and_the_last_step_stand_and_none_between_where_little_time_has_passed(self):
        result = self.run_in_a_log(STEPS, "--every", "3600")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual([line.split(",")[0] for line in lines], ["  step 1 of 5", "  step 5 of 5"])

    def test_in_a_log_a_line_comes_every_so_often(self):
        result = self.run_in_a_log(STEPS, "--every", "0")
        self.assertEqual([line.split(",")[0] for line in result.stdout.splitlines()],
                         [f"  step {n} of 5" for n in range(1, 6)])
        self.assertNotIn("\r", result.stdout)

    def test_on_a_terminal_all_steps_share_one_line(self):
        status, shown = self.run_on_a_terminal(STEPS)
        self.assertEqual(status, 0)
        self.assertEqual(shown.count("\n"), 1, repr(shown))
        self.assertEqual(shown.count("\r\033[K"), 5, repr(shown))
        self.assertIn("step 5 of 5", shown)

    def test_the_output_is_kept_in_the_log(self):
        self.run_in_a_log(STEPS)
        self.assertEqual(self.log.read_text().splitlines()[0], "configuring")
        self.assertIn("[3/5] Building 3", self.log.read_text())

    def test_a_failure_shows_the_end_of_the_output_and_passes_its_status_on(self):
        result = self.run_in_a_log("for n in $(seq 100); do echo \"line $n.\"; done; echo 'error: no' >&2; exit 7")
        self.assertEqual(result.returncode, 7)
        self.assertIn("error: no", result.stderr)
        self.assertIn("line 100.", result.stderr)
        self.assertNotIn("line 10.", result.stderr)
        self.assertIn(str(self.log), result.stderr)

    def test_a_build_with_nothing_to_do_says_so(self):
        self.assertEqual(self.run_in_a_log("echo 'ninja: no work to do.'").stdout, "  nothing to build\n")

    def test_a_style_of_counting_in_the_environment_does_not_hide_the_count(self):
        os.environ["NINJA_STATUS"] = "%p "
        self.addCleanup(os.environ.pop, "NINJA_STATUS")
        self.assertEqual(self.run_in_a_log("echo \"$NINJA_STATUS\" | grep -qx '\\[%f/%t\\] '").returncode, 0)

    def test_bytes_that_are_no_text_are_no_problem(self):
        self.assertEqual(self.run_in_a_log("printf '\\xf6\\n[1/1] x\\n'").returncode, 0)

    def test_a_command_that_is_not_there_is_a_failure_of_its_own(self):
        result = subprocess.run([sys.executable, "-B", SCRIPT, str(self.log), "/no/such/command"],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 127)

    def test_without_a_command_the_usage_is_shown(self):
        result = subprocess.run([sys.executable, "-B", SCRIPT], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("Usage", result.stderr)


if __name__ == "__main__":
    unittest.main()
