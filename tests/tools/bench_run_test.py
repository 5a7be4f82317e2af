# SPDX-License-Identifier: Apache-2.0
"""tools/bench.sh and tools/bench/run.py over a folder of stand-ins for the benchmark programs.

Usage: bench_run_test.py FOLDER_OF_TOOLS
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = ""
# Writes a table with what it was given, and the curve that it is asked for.
PROGRAM = """#!{python}
import json, os, sys
path = sys.argv[sys.argv.index("--json") + 1]
rows = [{{"case": "pair", "unit": "ns", "x": x, "better": "less", "contestant": who, "samples": 3, "low": y, "median": y, "high": y}}
        for x in (256, 4096, 1 << 20) for who, y in (("triune", 10), ("cub", 100))]
rows += [{{"case": " ".join(sys.argv[1:-2]), "unit": os.environ["TRIUNE_DEVICE"], "x": 0, "better": "less",
          "contestant": os.environ["LEGACY_DEVICE"], "samples": 1, "low": 1, "median": 1, "high": 1}}]
json.dump({{"table": "{table}", "device": "made up", "simulated": False, "rows": rows}}, open(path, "w"))
sys.exit({status})
"""


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.programs = self.folder / "programs"
        self.out = self.folder / "out"

    def program(self, name, place="", status=0, body=PROGRAM):
        path = self.programs / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        table = name.removeprefix("triune_bench_")
        path.write_text(body.format(python=sys.executable, table=table, status=status), encoding="utf-8")
        path.chmod(0o755)
        return path

    def run_script(self, *options, device="cuda", script="bench/run.py", where=None, folder=None):
        environment = {name: value for name, value in os.environ.items() if name != "LEGACY_DEVICE"}
        return subprocess.run(
            [sys.executable, "-B", f"{where or TOOLS}/{script}", folder or str(self.programs), "--out", str(self.out), *options],
            env={**environment, "TRIUNE_DEVICE": device}, cwd=self.programs, capture_output=True, text=True, check=False)  # fmt: skip

    def results(self):
        return json.loads((self.out / "results.json").read_text(encoding="utf-8"))

    def rows_of(self, name):
        return next(table["rows"] for table in self.results()["tables"] if table["table"] == name)

    def test_a_run_leaves_results_tables_verdicts_and_plots(self):
        self.program("triune_bench_allocation")
        result = self.run_script("--only", "allocation", "--commit", "abc123", "--command", "the command")
        self.assertEqual(result.returncode, 0, result.stderr)
        run = self.results()
        self.assertEqual([run[key] for key in ("commit", "command", "device", "simulated")], ["abc123", "the command", "made up", False])
        self.assertRegex(run["date"], r"^\d{4}-\d\d-\d\d$")
        judged = {(each["target"]["case"], each["target"]["x"]): each["met"] for each in run["verdicts"]}
        self.assertEqual((judged["pair", 256], judged["threads", 16]), (True, None))
        self.assertIn("3 targets met, 0 missed", result.stdout)
        for text in (result.stdout, (self.out / "tables.txt").read_text(encoding="utf-8")):
            self.assertIn("allocation: pair", text)
        self.assertIn("| case | size |", (self.out / "tables.md").read_text(encoding="utf-8"))
        self.assertTrue((self.out / "plots/allocation-pair.svg").is_file())

    def test_results_are_json_that_everything_reads(self):
        self.program("triune_bench_allocation")
        self.run_script("--only", "allocation")
        text = (self.out / "results.json").read_text(encoding="utf-8")
        for word in ("NaN", "Infinity"):
            self.assertNotIn(word, text)

    def test_a_sweep_runs_its_program_once_a_value_of_its_variable_and_names_the_contestants_by_it(self):
        body = PROGRAM.replace('"contestant": who', '"contestant": os.environ["TRIUNE_WHOLE_CHUNK_MIB"]')
        self.program("triune_bench_replay", body=body)
        result = self.run_script("--only", "chunks")
        self.assertEqual(result.returncode, 0, result.stderr)
        named = [row["contestant"] for row in self.rows_of("chunks")]
        for value in ("4", "12", "24", "64", "256"):
            self.assertEqual(named.count(f"TRIUNE_WHOLE_CHUNK_MIB={value}"), 7)
        self.program("triune_bench_replay", body=body, status=3)
        self.assertEqual(self.run_script("--only", "chunks").returncode, 1)

    def test_programs_are_found_as_packed_and_as_built(self):
        self.program("triune_bench_limits")
        self.program("triune_bench_allocation", place="tools/bench")
        self.assertEqual(self.run_script("--only", "limits", "allocation").returncode, 0)
        self.assertEqual([table["table"] for table in self.results()["tables"]], ["limits", "allocation"])

    def test_the_folder_may_be_the_current_one(self):
        self.program("triune_bench_limits")
        result = self.run_script("--only", "limits", folder=".")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_all_that_are_there_run_and_what_is_not_is_no_failure(self):
        self.program("triune_bench_limits")
        self.program("triune_bench_snapshots")
        result = self.run_script()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([table["table"] for table in self.results()["tables"]], ["limits", "snapshots"])
        self.assertIn("replay is not there", result.stderr)

    def test_what_was_asked_for_and_is_not_there_is_a_failure(self):
        self.program("triune_bench_limits")
        self.assertEqual(self.run_script("--only", "limits", "growth").returncode, 1)
        self.assertEqual(len(self.results()["tables"]), 1)

    def test_a_program_that_fails_is_told_and_the_others_are_kept(self):
        self.program("triune_bench_limits", status=3)
        self.program("triune_bench_growth", body="#!{python}\nprint('out of {table}')\n")
        self.program("triune_bench_snapshots")
        result = self.run_script()
        self.assertEqual(result.returncode, 1)
        self.assertIn("limits failed, exit status 3", result.stderr)
        self.assertIn("out of growth", result.stderr)
        self.assertEqual([table["table"] for table in self.results()["tables"]], ["snapshots"])

    def test_a_quick_run_gives_other_options(self):
        self.program("triune_bench_allocation")
        self.run_script("--only", "allocation")
        full = self.rows_of("allocation")[-1]["case"]
        self.run_script("--only", "allocation", "--quick")
        quick = self.rows_of("allocation")[-1]["case"]
        self.assertEqual((full, quick), ("--repeat 5 --pairs 40000", "--repeat 2 --pairs 2000"))

    def test_the_simulated_device_gets_a_quick_run_and_no_verdict_on_times(self):
        self.program("triune_bench_allocation")
        self.program("triune_bench_replay")
        result = self.run_script(device="sim")
        self.assertEqual(self.rows_of("allocation")[-1]["case"], "--repeat 2 --pairs 2000")
        self.assertEqual((self.rows_of("allocation")[-1]["unit"], self.rows_of("allocation")[-1]["contestant"]), ("sim", "host"))
        self.assertEqual([table["table"] for table in self.results()["tables"]], ["allocation"])  # replays take too long there
        self.assertIn("no GPU here", result.stderr)
        self.assertIn("say nothing about a GPU", result.stdout)
        self.assertIn("0 targets met, 0 missed", result.stdout)

    def test_a_packed_folder_says_what_it_was_built_from(self):
        self.program("triune_bench_limits")
        (self.programs / "commit").write_text("v1-packed\n", encoding="utf-8")
        self.run_script()
        self.assertEqual(self.results()["commit"], "v1-packed")

    def test_nothing_at_all_is_a_failure(self):
        self.programs.mkdir()
        self.assertEqual(self.run_script().returncode, 1)

    def test_the_facades_are_compared_by_their_script_and_slower_is_no_failure(self):
        for build, microseconds in (("legacy", 1), ("triune", 2)):
            cases = " ".join(compat.CASES)
            self.program(f"triune_bench_compat_{build}", place="tools/bench/compat",
                         body=f"#!{{python}}\nfor case in '{cases}'.split(): print(case, {microseconds})\n")  # fmt: skip
        result = self.run_script("--only", "compat", "--quick")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual({row["contestant"]: row["median"] for row in self.rows_of("compat")}, {"legacy": 1, "triune": 2})

    def test_the_rewriter_is_measured_where_its_script_and_program_are(self):
        scripts = self.folder / "tools"
        shutil.copytree(f"{TOOLS}/bench", scripts / "bench", ignore=lambda folder, names: [name for name in names if name.endswith(".gz")])
        script = scripts / "bench/migration.py"
        script.unlink(missing_ok=True)
        program = self.program("triune-migrate", place="migration")
        self.assertEqual(self.run_script("--only", "migration", where=scripts).returncode, 1)
        script.write_text(PROGRAM.format(python=sys.executable, table="migration", status=0), encoding="utf-8")
        result = self.run_script("--only", "migration", where=scripts)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.rows_of("migration")[-1]["case"], str(program.resolve()))
        program.unlink()
        self.assertEqual(self.run_script("--only", "migration", where=scripts).returncode, 1)

    def bench(self, *options):
        return subprocess.run([f"{TOOLS}/bench.sh", *options], env={**os.environ, "TRIUNE_DEVICE": "cuda"}, capture_output=True,
                              text=True, check=False)  # fmt: skip

    def test_the_command_runs_a_packed_folder_and_notes_itself(self):
        self.program("triune_bench_limits")
        self.program("triune_bench_snapshots")
        options = ["--run-only", str(self.programs), "--only", "limits", "--out", str(self.out), "--quick"]
        result = self.bench(*options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([table["table"] for table in self.results()["tables"]], ["limits"])
        self.assertEqual(self.rows_of("limits")[-1]["case"], "--repeat 3")
        self.assertEqual(self.results()["command"], "tools/bench.sh " + " ".join(options))

    def test_wrong_options_are_usage_errors(self):
        for options in (["--fast"], ["--run-only"], ["--run-only", str(self.folder / "nowhere")]):
            self.assertEqual(self.bench(*options).returncode, 2, options)
        self.program("triune_bench_limits")
        self.assertEqual(self.bench("--run-only", str(self.programs), "--only", "speed").returncode, 2)


if __name__ == "__main__":
    TOOLS = os.path.abspath(sys.argv.pop(1))
    sys.path.insert(0, f"{TOOLS}/bench/compat")
    import compat

    unittest.main()
