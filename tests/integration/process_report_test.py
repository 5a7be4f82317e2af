# SPDX-License-Identifier: Apache-2.0
"""What a program writes to stderr with TRIUNE_REPORT and TRIUNE_REPORT_SIGNAL, however it ends.

Usage: process_report_test.py [CASES ...] PROGRAM
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop()


def environment(report=None, on=None, **more):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TRIUNE_")}
    plain["ASAN_OPTIONS"] = plain.get("ASAN_OPTIONS", "") + ":detect_leaks=0"  # the programs leak on purpose
    asked = {"TRIUNE_REPORT": report, "TRIUNE_REPORT_SIGNAL": on, **more}
    return {**plain, "TRIUNE_DEVICE": "sim", **{name: value for name, value in asked.items() if value is not None}}


def run(*arguments, status=0, **asked):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=environment(**asked))
    if done.returncode != status:
        raise AssertionError(f"{arguments}: exit status {done.returncode}, not {status}\n{done.stderr}")
    return done


def without_times(text):
    """Lines of the log as they are on every run and of every thread."""
    return re.sub(r"^[-\d]+ [:.\d]+ (\[triune\] \[\w+\]) \[thread \d+\]", r"\1", text, flags=re.MULTILINE)


class AtTheEnd(unittest.TestCase):
    def test_nothing_is_written_where_nothing_is_asked_for(self):
        for report in (None, "", ",", " , "):
            self.assertEqual(run("leaves", report=report).stderr, "")

    def test_a_program_without_a_manager_writes_nothing(self):
        self.assertEqual(run("nothing", report="all").stderr, "")

    def test_leaks_are_told_of_every_manager_with_place_and_age(self):
        done = run("leaves", report="leaks")
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertRegex(lines[0], r"^triune: memory of process \d+ at its end$")
        self.assertEqual(lines[1], "leaks: 5 allocations, 18.8 KiB (19296 bytes)")
        self.assertEqual(lines[2], "  manager 1 of simulated device:")
        age = r", \d+\.\d s old$"
        place = r", from \S*reporting_program\.cpp:\d+"
        self.assertRegex(lines[3], r"^    'of the default manager' \(float\): 3\.9 KiB \(4000 bytes\)" + place + age)
        self.assertEqual(lines[4], "  manager 2 of simulated device:")
        self.assertRegex(lines[5], r"^    'two\\x0alines' \(double\): 7\.8 KiB \(8000 bytes\)" + place + age)
        frames = [line for line in lines if line.startswith("        by ")]
        self.assertGreater(len(frames), 1)
        self.assertEqual(lines[6:6 + len(frames)], frames)
        rest = lines[6 + len(frames):]
        self.assertRegex(rest[0], r"^    'raw' \(untyped\): 4 KiB \(4096 bytes\)" + place + age)
        self.assertRegex(rest[1], r"^    unnamed \(float\): 2\.0 KiB \(2000 bytes\)" + place + age)
        self.assertEqual(rest[2], "  manager 3 of simulated device, which has ended:")
        self.assertRegex(rest[3], r"^    'outlives' \(int\): 1\.2 KiB \(1200 bytes\)" + place + age)
        self.assertEqual(rest[4:], [])

    def test_what_statics_free_behind_main_is_no_leak(self):
        self.assertRegex(run("frees", report="leaks").stderr, r"at its end\nleaks: nothing is leaked\n$")

    def test_peaks_are_told_of_managers_that_have_ended_too(self):
        text = run("frees", report="peak").stderr
        self.assertIn("  manager 1 of simulated device, which has ended: at most 3 MiB (3145728 bytes), now 0 bytes, "
                      "limit 64 MiB (67108864 bytes)\n    pool at its end: reserved ", text)
        self.assertIn("  manager 2 of simulated device: at most 3.9 KiB (4000 bytes), now 0 bytes, "
                      "limit 6 GiB (6442450944 bytes)\n    pool: reserved ", text)
        self.assertNotIn("leaks", text)
        self.assertNotIn("table", text)

    def test_a_pool_is_told_once(self):
        text = run("leaves", report="peak").stderr
        self.assertEqual(text.count("pool: reserved"), 1)
        self.assertEqual(text.count("pool: that of manager 1\n"), 2)

    def test_of_many_managers_the_highest_peaks_are_kept(self):
        text = run("many", report="peak").stderr
        peaks = [int(peak) for peak in re.findall(r"at most (\d+) KiB", text)]
        self.assertEqual(peaks, list(range(69, 101)))
        self.assertIn("  and 68 ended managers with lower peaks\n", text)

    def test_a_table_is_that_of_a_snapshot(self):
        text = run("leaves", report="table").stderr
        self.assertEqual(text.count("    memory of simulated device at "), 3)
        self.assertRegex(text, r"\n      total_allocated_bytes +3\.91 KiB\n")
        self.assertIn("      'of the default manager' (float, 4000 bytes, reporting_program.cpp:", text)

    def test_words_are_taken_in_any_case_and_order(self):
        parts = re.compile(r"^(\w+):", re.MULTILINE)
        for words, expected in (("Table, LEAKS", ["leaks", "table"]), ("all", ["leaks", "peak", "table"]),
                                ("peak,,peak", ["peak"]), ("ALL,leaks", ["leaks", "peak", "table"])):
            self.assertEqual(parts.findall(run("leaves", report=words).stderr), ["triune", *expected])

    def test_a_bad_word_is_told_and_the_others_are_honoured(self):
        text = without_times(run("leaves", report="peek,leaks,all of it").stderr)
        self.assertTrue(text.startswith(
            "[triune] [warning] TRIUNE_REPORT: 'peek' is none of leaks, peak, table, all\n"
            "[triune] [warning] TRIUNE_REPORT: 'all of it' is none of leaks, peak, table, all\n"), text)
        self.assertIn("\nleaks: 5 allocations", text)
        self.assertNotIn("peak:", text)
        self.assertNotIn("leaks:", run("leaves", report="leak").stderr)

    def test_it_is_no_part_of_the_log(self):
        self.assertIn("leaks: 5", run("leaves", report="leaks", TRIUNE_LOG="off").stderr)

    def test_it_comes_with_exit_and_return_and_no_other_end(self):
        for how, status, told in (("return", 0, True), ("exit", 3, True), ("thread_exits", 3, True),
                                  ("_exit", 3, False), ("quick_exit", 3, False), ("abort", -signal.SIGABRT, False)):
            for what in ("leaves", "threads"):
                with self.subTest(how=how, what=what):
                    text = run(what, how, report="all", status=status).stderr
                    self.assertEqual(text.count("at its end\n"), 1 if told else 0, text)

    def test_a_manager_may_outlive_its_device(self):
        self.assertIn("leaks: nothing is leaked", run("device", report="all").stderr)

    def test_a_forked_child_writes_none(self):
        text = run("forks", report="all", on="USR1").stderr
        self.assertEqual(text.count("triune: memory of process"), 1, text)
        self.assertIn("at its end\nleaks: 5", text)

    def test_where_nobody_reads_it_the_program_ends_as_ever(self):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([PROGRAM, "leaves", "exit"], stderr=writing, env=environment("all"))
        os.close(writing)
        self.assertEqual(done.returncode, 3)

    def test_a_closed_stderr_is_left_alone_and_so_is_the_file_that_gets_its_number(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "own.txt"
            command = ["sh", "-c", '"$0" writes "$1" 2>&-', PROGRAM, str(path)]
            done = subprocess.run(command, env=environment("all", on="USR2"))
            self.assertEqual(done.returncode, 0)
            self.assertEqual(path.read_text(), "the program's own\n")

    def test_a_recording_gets_every_manager_that_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.jsonl"
            run("leaves", TRIUNE_RECORD=str(path))
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            snapshots = [line["snapshot"] for line in lines if "snapshot" in line]
            # The third when it went, then all at the end.
            self.assertEqual([snapshot["manager"] for snapshot in snapshots], [3, 1, 2, 3])
            self.assertEqual([record["name"] for record in snapshots[-1]["records"]], ["outlives"])


class Running:
    """The program while it serves."""

    def __init__(self, *arguments, errors=subprocess.PIPE, **asked):
        self.process = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=errors, text=True, env=environment(**asked))
        assert self.process.stdout.readline() == "ready\n"

    def told(self, number, last):
        """What it writes for a signal, up to the line that begins with `last`."""
        self.process.send_signal(number)
        lines = []
        while not (lines and lines[-1].startswith(last)):
            lines.append(self.process.stderr.readline())
            assert lines[-1], lines
        return "".join(lines)

    def end(self, given=""):
        _, errors = self.process.communicate(given)
        return self.process.returncode, errors


class OnASignal(unittest.TestCase):
    LAST = "      'outlives'"  # of the last manager's table

    def test_a_running_program_tells_peaks_and_tables_again_and_again(self):
        for word, number in (("USR1", signal.SIGUSR1), ("sigusr2", signal.SIGUSR2)):
            running = Running("serves", on=word)
            for _ in range(3):
                text = running.told(number, self.LAST)
                self.assertRegex(text, r"^triune: memory of process \d+\npeak:\n")
                self.assertIn("\ntable:\n", text)
                self.assertNotIn("allocated:\n", text)
            self.assertEqual(running.end(), (0, ""))

    def test_the_calls_of_the_program_go_on(self):
        running = Running("serves", on="USR1")
        running.told(signal.SIGUSR1, self.LAST)
        self.assertEqual(running.process.communicate("x\n")[0], "got it\ngot it\n")

    def test_it_tells_what_the_report_at_the_end_tells(self):
        running = Running("serves", report="leaks", on="USR1")
        text = running.told(signal.SIGUSR1, "    'outlives'")
        self.assertIn("\nallocated: 5 allocations, 18.8 KiB", text)
        self.assertNotIn("peak:", text)
        code, rest = running.end()
        self.assertEqual(code, 0)
        self.assertIn("at its end\nleaks: 5 allocations", rest)

    def test_a_handler_of_the_program_stays(self):
        done = run("handles", on="USR1")
        self.assertEqual(done.stdout, "own handler\n")
        self.assertEqual(without_times(done.stderr), "[triune] [warning] TRIUNE_REPORT_SIGNAL: the program handles "
                                                     "SIGUSR1 itself, or ignores it; that stays\n")

    def test_another_signal_is_refused_by_name(self):
        for word in ("HUP", "10", "USR3"):
            self.assertEqual(without_times(run("leaves", on=word).stderr),
                             f"[triune] [warning] TRIUNE_REPORT_SIGNAL is '{word}'; it may be USR1 or USR2\n")

    def test_a_child_takes_the_signal_and_is_silent_and_its_parent_tells(self):
        running = Running("forks and serves", on="USR1")
        text = running.told(signal.SIGUSR1, self.LAST)
        self.assertIn(f"triune: memory of process {running.process.pid}\n", text)
        self.assertEqual(text.count("triune: memory"), 1)
        self.assertEqual(running.end(), (0, ""))

    def test_a_program_may_end_while_signals_come(self):
        for _ in range(10):
            with tempfile.TemporaryFile("w+") as errors:  # a pipe would fill
                running = Running("serves", errors=errors, report="leaks", on="USR1")
                running.process.stdin.close()
                while running.process.poll() is None:
                    running.process.send_signal(signal.SIGUSR1)
                running.process.stdout.close()
                errors.seek(0)
                self.assertEqual(running.process.returncode, 0)
                self.assertIn("at its end\nleaks: 5", errors.read())


unittest.main()
