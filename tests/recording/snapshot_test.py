# SPDX-License-Identifier: Apache-2.0
"""tools/snapshot over what a program on the simulated device has recorded, and over recordings made here.

Usage: snapshot_test.py ROOT RECORDED_PROGRAM
"""

import base64
import copy
import csv
import io
import json
import os
import pickle
import pickletools
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zlib
from html.parser import HTMLParser
from pathlib import Path

PROGRAM, ROOT = sys.argv.pop(), Path(sys.argv.pop())
TOOL = ROOT / "tools/snapshot/triune-snapshot"
sys.path.insert(0, str(ROOT / "tools/snapshot"))

from triune_snapshot import schema  # noqa: E402
from triune_snapshot.lives import Lives, totals  # noqa: E402
from triune_snapshot.reading import read, snapshot_schema  # noqa: E402

HEAD = {"schema": "triune.recording", "version": 1, "written": "2026-01-01T00:00:00Z", "process": 7}
# What the page of PyTorch reads of a pickle.
KNOWN_OPCODES = {"PROTO", "APPEND", "APPENDS", "LIST", "TUPLE", "NEWFALSE", "NEWTRUE", "NONE", "BINGET", "BININT",
                 "BININT1", "BININT2", "EMPTY_DICT", "EMPTY_LIST", "FRAME", "LONG1", "LONG_BINGET", "MARK", "MEMOIZE",
                 "BINPUT",
                 "LONG_BINPUT", "SETITEMS", "SETITEM", "DICT", "SHORT_BINUNICODE", "BINUNICODE", "STOP", "EMPTY_TUPLE",
                 "TUPLE1", "TUPLE2", "TUPLE3", "BINFLOAT"}


def tool(*arguments, status=0):
    done = subprocess.run([sys.executable, "-B", str(TOOL), *map(str, arguments)], capture_output=True)
    if done.returncode != status:
        told = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        raise AssertionError(f"{arguments}: exit status {done.returncode}\n{told}")
    return (done.stdout if status == 0 else done.stderr).decode("utf-8")


class WithFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        cls.folder = Path(cls.kept.name)
        cls.recording, cls.snapshot = cls.folder / "run.jsonl", cls.folder / "run.json"
        environment = {**os.environ, "TRIUNE_DEVICE": "sim"}
        subprocess.run([PROGRAM, str(cls.recording), str(cls.snapshot)], check=True, env=environment)

    def write(self, *events, end=100):
        path = self.folder / "made.jsonl"
        lines = [HEAD, *events] + ([{"end": end, "lost": 0}] if end else [])
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path


def event(t, do, at=None, size=0, **more):
    made = {"t": t, "do": do, "thread": 1, "manager": 1, "id": 1, "name": "x", "bytes": size, **more}
    if at is not None:
        made["at"] = hex(at)
    return made


class OfAProgram(WithFiles):
    def test_its_snapshot_is_as_the_schema_says_and_the_schema_notices_what_is_wrong(self):
        value, rules = json.loads(self.snapshot.read_text()), snapshot_schema()
        self.assertEqual(list(schema.problems(value, rules)), [])
        self.assertTrue(value["layout"]["segments"] and value["layout"]["caches"] and value["layout"]["pinned"])
        for path, wrong in ((("version",), 2), (("records", 0, "bytes"), "7"), (("records", 0, "kind"), "other"),
                            (("layout", "segments", 0, "spans", 0, "state"), "gone"),
                            (("layout", "pinned", 0, "address"), 7)):
            broken = copy.deepcopy(value)
            inner = broken
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = wrong
            self.assertEqual(len(list(schema.problems(broken, rules))), 1, path)
            del inner[path[-1]]
            self.assertEqual(len(list(schema.problems(broken, rules))), 1, path)

    def test_its_recording_balances_and_agrees_with_its_snapshot(self):
        recording = read(self.recording)
        self.assertTrue(recording.whole)
        self.assertEqual(recording.lost, 0)
        self.assertEqual(Lives(recording).alive(), [])
        self.assertEqual(list(totals(Lives(recording)))[-1], 0)
        self.assertTrue(all(life.begin is not None for life in Lives(recording).lives))
        self.assertEqual({each["do"] for each in recording.events},
                         {"allocate", "grow", "shrink", "free", "download", "trim", "failure"})
        snapshot = json.loads(self.snapshot.read_text())
        # Of two threads that work at once the two see different moments.
        self.assertAlmostEqual(max(totals(Lives(recording))), snapshot["figures"]["peak_allocated_bytes"], delta=2 << 20)
        owners = {(record["name"], record["line"]) for record in snapshot["records"]}
        self.assertLessEqual(owners, {(owner.name, owner.place[1]) for owner in Lives(recording).owners})

    def test_it_is_printed(self):
        text = tool("print", self.recording)
        for words in ("0 lost", "failure 1", "'too much' wanted 100.00 MiB", "recorded_program.cpp:", "at the end 0 B"):
            self.assertIn(words, text)
        text = tool("print", self.snapshot, "--count", "2")
        for words in ("simulated device", "limit 64.00 MiB", "pool: live_blocks", "mapped", "and 4 more", "layout: "):
            self.assertIn(words, text)
        self.assertIn("mapped", tool("top", self.snapshot, "-n", "1"))

    def test_two_are_compared(self):
        self.assertIn("nothing has changed", tool("diff", self.snapshot, self.snapshot))
        new = json.loads(self.snapshot.read_text())
        new["records"][0]["bytes"] += 1024
        del new["records"][1]
        path = self.folder / "new.json"
        path.write_text(json.dumps(new))
        rows = tool("diff", self.snapshot, path).splitlines()
        self.assertIn("-198976 bytes", rows[0])
        self.assertRegex(rows[2], r"-200000 .* -1 +solver")
        self.assertRegex(rows[3], r"\+1024 .* \+0 +mapped")

    def test_its_csv_is_what_rmm_replays(self):
        rows = list(csv.reader(io.StringIO(tool("convert", self.recording, "--to", "rmm", "-o", "-"))))
        self.assertEqual(rows[0], ["Thread", "Time", "Action", "Pointer", "Size", "Stream"])
        live, growths = {}, 0
        for thread, time, action, pointer, size, stream in rows[1:]:
            self.assertTrue(thread.isdigit() and float(time) >= 0 and int(stream, 0) >= 0)
            if action == "allocate":
                self.assertNotIn(pointer, live)
                live[pointer] = size
            else:
                self.assertEqual((action, live.pop(pointer)), ("free", size))
        self.assertEqual(live, {})
        self.assertGreater(len(rows), 100)

    def test_its_trace_is_one_of_chromes(self):
        events = json.loads(tool("convert", self.recording, "--to", "chrome", "-o", "-"))["traceEvents"]
        memory = [each["args"]["bytes"] for each in events if each["name"] == "memory"]
        self.assertEqual(memory[-1], 0)
        self.assertEqual(max(memory), max(totals(Lives(read(self.recording)))))
        self.assertEqual({each["ph"] for each in events}, {"M", "C", "i"})
        self.assertTrue(any(each["name"] == "download positions" for each in events))

    def test_its_pickle_is_one_that_memory_viz_reads(self):
        for seen in (self.recording, self.snapshot):
            path = self.folder / "out.pickle"
            tool("convert", seen, "--to", "pytorch", "-o", path)
            self.assertLessEqual({opcode.name for opcode, _, _ in pickletools.genops(path.read_bytes())}, KNOWN_OPCODES)
            value = pickle.loads(path.read_bytes())
            segments = sorted((each["address"], each["address"] + each["total_size"]) for each in value["segments"])
            for segment in value["segments"]:
                self.assertEqual(sum(block["size"] for block in segment["blocks"]), segment["total_size"])
            live = set()
            for each in value["device_traces"][0]:
                end_of = each["addr"] + each["size"]
                self.assertTrue(any(begin <= each["addr"] and end_of <= end for begin, end in segments))
                if each["action"] == "alloc":
                    live.add(each["addr"])
                elif each["action"] == "free_completed":
                    live.remove(each["addr"])
            self.assertEqual(live, set())
        self.assertTrue(any("positions" in block["frames"][0]["name"] for segment in value["segments"]
                            for block in segment["blocks"] if block["frames"]))


class Page(HTMLParser):
    """The page's links, and what is embedded."""

    def __init__(self, text):
        super().__init__()
        self.links, self.embedded, self.within = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [value for name, value in attributes.items() if name in ("src", "href", "action", "data")]
        self.within = attributes.get("id") if tag == "script" else None

    def handle_endtag(self, tag):
        self.within = None

    def handle_data(self, data):
        if self.within:
            self.embedded[self.within] = data


class AsTheEnvironmentSays(WithFiles):
    def run_with(self, recording):
        environment = {**os.environ, "TRIUNE_DEVICE": "sim", "TRIUNE_RECORD": str(recording)}
        return subprocess.run([PROGRAM, "-", str(self.folder / "other.json")], capture_output=True, text=True,
                              env=environment)

    def test_a_program_is_recorded_from_its_first_manager_to_its_end(self):
        done = self.run_with(self.folder / "of %p.jsonl")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        (path,) = self.folder.glob("of *.jsonl")
        recording = read(path)
        self.assertTrue(recording.whole)
        self.assertEqual(path.name, f"of {recording.process}.jsonl")
        self.assertEqual([life.event["name"] for life in Lives(recording).alive()], ["never freed"])
        names = [[record["name"] for record in snapshot["records"]] for _, snapshot in recording.snapshots]
        self.assertEqual(names[-1], ["never freed"])
        self.assertEqual(len(names), 2)

    def test_a_file_that_cannot_be_written_is_told_and_the_program_runs(self):
        done = self.run_with(self.folder / "no such folder/run.jsonl")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "TRIUNE_RECORD: .*no such folder/run.jsonl.*No such file")


class OnAPage(WithFiles):
    def page(self, *arguments):
        path = self.folder / "page.html"
        tool("page", *arguments, "-o", path)
        return path.read_text()

    def test_it_asks_no_network_and_has_all(self):
        text = self.page(self.recording, "--snapshot", self.snapshot, "--title", "a <b> & @HEADER@")
        page = Page(text)
        self.assertEqual([link for link in page.links if not link.startswith("data:")], [])
        self.assertNotRegex(text, r"https?://|\bfetch\(|XMLHttpRequest|@import|url\(")
        self.assertIn("default-src 'none'", text)
        self.assertIn("<h1>a &lt;b&gt; &amp; @HEADER@</h1>", text)
        header = json.loads(page.embedded["header"])
        data = zlib.decompress(base64.b64decode(page.embedded["data"]))
        recording = read(self.recording)
        self.assertEqual(header["columns"]["t"]["count"], len(recording.events))
        for column in header["columns"].values():
            size = {"Float64Array": 8, "Uint32Array": 4, "Uint16Array": 2, "Uint8Array": 1}[column["type"]]
            self.assertEqual(column["at"] % size, 0)
            self.assertLessEqual(column["at"] + size * column["count"], len(data))
        self.assertEqual(len(header["snapshots"]), 2)  # its manager's own, and the one given
        names = [owner["name"] for owner in header["owners"]]
        self.assertEqual(names.count('scratch "of" <frame>'), 1)
        self.assertNotIn("</script", page.embedded["header"])

    def test_of_a_snapshot_alone_it_has_the_holders(self):
        header = json.loads(Page(self.page(self.snapshot)).embedded["header"])
        self.assertFalse(header["recorded"])
        self.assertEqual(sum(owner["now"] for owner in header["owners"]),
                         json.loads(self.snapshot.read_text())["figures"]["total_allocated_bytes"])

    def test_it_is_made_where_the_tool_is_installed(self):
        prefix = self.folder / "prefix"
        (prefix / "bin").mkdir(parents=True)
        shutil.copy(TOOL, prefix / "bin")
        shutil.copytree(TOOL.parent / "triune_snapshot", prefix / "share/triune/triune_snapshot")
        shutil.copy(ROOT / "docs/schemas/memory-snapshot.json", prefix / "share/triune/triune_snapshot")
        out = self.folder / "installed.html"
        installed = prefix / "bin/triune-snapshot"
        subprocess.run([sys.executable, "-B", installed, "page", self.snapshot, "-o", out], check=True)
        self.assertIn("</html>", out.read_text())

    def test_its_colours_have_contrast(self):
        style = (ROOT / "tools/snapshot/triune_snapshot/page/style.css").read_text()
        for theme in re.findall(r":root[^{]*\{([^}]*)\}", style):
            colours = dict(re.findall(r"--([\w-]+): #(\w{6})", theme))

            def light(name):
                parts = [int(colours[name][i:i + 2], 16) / 255 for i in (0, 2, 4)]
                linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
                return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

            for front in ("text", "soft", "mark", "bad"):
                for back in ("back", "raised"):
                    low, high = sorted((light(front), light(back)))
                    self.assertGreaterEqual((high + 0.05) / (low + 0.05), 4.5, f"{front} on {back}")


class OfRecordingsMadeHere(WithFiles):
    def test_what_was_there_before_counts_from_the_beginning(self):
        path = self.write(event(1, "free", 0x1000, 50), event(2, "grow", 0x3000, 30, before=20, **{"from": "0x2000"}))
        lives = Lives(read(path))
        self.assertEqual(list(totals(lives)), [20, 30])
        self.assertEqual([life.bytes for life in lives.alive()], [30])

    def test_a_missing_free_ends_where_the_address_is_used_again(self):
        lives = Lives(read(self.write(event(1, "allocate", 0x1000, 50), event(2, "allocate", 0x1000, 70))))
        self.assertEqual([life.bytes for life in lives.alive()], [70])

    def test_a_growth_in_place_is_a_free_and_an_allocation_there(self):
        path = self.write(event(1, "allocate", 0x1000, 50),
                          event(2, "grow", 0x1000, 70, before=50, **{"from": "0x1000"}))
        rows = tool("convert", path, "--to", "rmm", "-o", "-").splitlines()[1:]
        self.assertEqual([row.split(",")[2:5] for row in rows],
                         [["allocate", "0x1000", "50"], ["free", "0x1000", "50"], ["allocate", "0x1000", "70"]])

    def test_one_that_was_cut_off_is_read_as_far_as_it_goes(self):
        path = self.write(event(1, "allocate", 0x1000, 50), end=None)
        path.write_text(path.read_text() + '{"t":5,"do":"fr')
        self.assertIn("it ends early", tool("print", path))

    def test_none_or_one_event_makes_a_page(self):
        for events in ((), (event(1, "trim", size=5),)):
            path = self.write(*events)
            tool("page", path, "-o", self.folder / "small.html")
            tool("print", path)

    def test_bad_input_is_named_with_its_line(self):
        for wrong, words in ((event(1, "explode", 0x1000), "explode"), (event(-1, "free", 0x1000), "'t' is -1"),
                             (event(1, "free"), "'at' is missing"), (event(1, "grow", 0x1000), "'before' is missing"),
                             ({"no": 1}, "no line of a recording"), ([], "made.jsonl:2")):
            path = self.write(wrong)
            text = tool("check", path, status=2)
            self.assertIn("made.jsonl:2: ", text)
            self.assertIn(words, text)
            self.assertEqual(text.count("\n"), 1)

    def test_other_files_are_refused_by_name(self):
        path = self.folder / "other"
        for content, words in ((b"", "other"), (b"{}", "no memory-snapshot"), (b"[1]", "neither"),
                               (b"\xff\xfe", "other"), (b"\x1f\x8b", "other"),
                               (b'{"schema": "triune.memory-snapshot", "version": 9}', "version 9")):
            path.write_bytes(content)
            self.assertIn(words, tool("print", path, status=2))
        self.assertIn("No such file", tool("print", self.folder / "none", status=2))
        version = re.search(r"project\(triune VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(tool("--version").strip(), f"triune-snapshot {version}")
        self.assertIn("has no events", tool("convert", self.snapshot, "--to", "rmm", "-o", "-", status=2))
        refused = tool("page", self.recording, "--snapshot", self.recording, "-o", "-", status=2)
        self.assertIn("wants a snapshot", refused)
        self.assertIn("--count", tool("top", self.snapshot, "-n", "0", status=2))


unittest.main()
