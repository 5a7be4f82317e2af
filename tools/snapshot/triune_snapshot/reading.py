# SPDX-License-Identifier: Apache-2.0
"""Reads snapshots and recordings, gzip'd or not."""

import gzip
import json
from pathlib import Path

from triune_snapshot import schema

SNAPSHOT, RECORDING = "triune.memory-snapshot", "triune.recording"
VERSION = 1
ACTIONS = ("allocate", "grow", "shrink", "free", "download", "trim", "failure")
SCHEMA_PLACES = ("memory-snapshot.json", "../../../docs/schemas/memory-snapshot.json")


class BadInput(Exception):
    """Names the file, and the line where there is one."""


def snapshot_schema():
    for place in SCHEMA_PLACES:
        path = Path(__file__).resolve().parent / place
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    raise BadInput("memory-snapshot.json is not installed beside this program")


class Recording:
    """Events by time, as the file has them; `places` and `stacks` by their numbers."""

    def __init__(self, name):
        self.name = name
        self.written, self.process = "", 0
        self.events, self.places, self.stacks, self.snapshots = [], {}, {}, []
        self.end, self.lost, self.whole = 0, 0, False

    def place(self, event):
        """(file, line, function), or None."""
        return self.places.get(event.get("place"))


def text_of(path):
    try:
        data = Path(path).read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except OSError as failure:
        raise BadInput(f"{path}: {failure.strerror or failure}") from failure
    except (EOFError, UnicodeDecodeError) as failure:
        raise BadInput(f"{path}: {failure}") from failure


def check_head(path, head, expected):
    if head.get("schema") != expected:
        raise BadInput(f"{path}: is no {expected.partition('.')[2]} of Triune")
    if head.get("version") != VERSION:
        raise BadInput(f"{path}: is of version {head.get('version')}; this program knows {VERSION}")


def checked_snapshot(path, value):
    check_head(path, value, SNAPSHOT)
    wrong = next(schema.problems(value, snapshot_schema()), None)
    if wrong:
        raise BadInput(f"{path}: {wrong}")
    return value


def check_event(value):
    if value["do"] not in ACTIONS:
        raise ValueError(f"'{value['do']}' is no event")
    for key in ("t", "bytes", "thread"):
        if not isinstance(value[key], int) or value[key] < 0:
            raise ValueError(f"'{key}' is {value[key]!r}")
    if value["do"] in ("grow", "shrink") and not isinstance(value["before"], int):
        raise ValueError(f"'before' is {value['before']!r}")
    for key in ("at", "from", "stream"):
        if key in value:
            value[key] = int(value[key], 16)
    if value["do"] in ("allocate", "grow", "shrink", "free") and "at" not in value:
        raise ValueError("'at' is missing")


def read_recording(path, text):
    recording = Recording(Path(path).name)
    lines = text.split("\n")
    if lines[-1]:
        lines.pop()  # the program ended in the midst of it
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            value = json.loads(line)
            if number == 1:
                check_head(path, value, RECORDING)
                recording.written, recording.process = value.get("written", ""), value.get("process", 0)
            elif "do" in value:
                check_event(value)
                recording.events.append(value)
            elif "file" in value:
                recording.places[value["place"]] = (value["file"], value["line"], value["function"])
            elif "frames" in value:
                recording.stacks[value["stack"]] = value["frames"]
            elif "snapshot" in value:
                recording.snapshots.append((value["t"], checked_snapshot(f"{path}:{number}", value["snapshot"])))
            elif "end" in value:
                recording.end, recording.lost, recording.whole = value["end"], value["lost"], True
            else:
                raise ValueError("is no line of a recording")
        except KeyError as failure:
            raise BadInput(f"{path}:{number}: {failure} is missing") from failure
        except (ValueError, TypeError, AttributeError) as failure:
            raise BadInput(f"{path}:{number}: {failure}") from failure
    recording.events.sort(key=lambda event: event["t"])
    recording.end = max([recording.end] + [event["t"] for event in recording.events[-1:]])
    return recording


def read(path):
    """A Recording, or a snapshot as a dict. Throws BadInput."""
    text = text_of(path)
    first = text.lstrip()[:400]
    if RECORDING in first:
        return read_recording(path, text)
    try:
        value = json.loads(text)
    except ValueError as failure:
        raise BadInput(f"{path}: {failure}") from failure
    if not isinstance(value, dict):
        raise BadInput(f"{path}: is neither a snapshot nor a recording of Triune")
    return checked_snapshot(path, value)
