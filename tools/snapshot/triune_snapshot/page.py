# SPDX-License-Identifier: Apache-2.0
"""One self-contained HTML page of a recording, a snapshot, or both."""

import array
import base64
import html
import json
import re
import sys
import zlib
from pathlib import Path

from triune_snapshot.lives import Lives
from triune_snapshot.reading import ACTIONS, Recording
from triune_snapshot.segments import address_ranges, mapped
from triune_snapshot.words import short_place

FOLDER = Path(__file__).resolve().parent / "page"
SCRIPTS = ("data.js", "view.js", "timeline.js", "map.js", "tables.js", "main.js")
STATES = ("allocated", "cached", "stream_free", "pending_free", "free", "moving")
NONE = 0xFFFFFFFF
TYPES = {"d": "Float64Array", "I": "Uint32Array", "H": "Uint16Array", "B": "Uint8Array"}


class Columns:
    """Arrays side by side in one piece of bytes, each at a multiple of 8."""

    def __init__(self):
        self.table, self.data = {}, bytearray()

    def add(self, name, code, values):
        column = array.array(code, values)
        if sys.byteorder == "big":
            column.byteswap()
        self.data.extend(b"\0" * (-len(self.data) % 8))
        self.table[name] = {"type": TYPES[code], "at": len(self.data), "count": len(column)}
        self.data.extend(column.tobytes())


class Numbers:
    """Values by the order in which they came."""

    def __init__(self):
        self.all, self._of = [], {}

    def of(self, value):
        number = self._of.setdefault(value, len(self.all))
        if number == len(self.all):
            self.all.append(value)
        return number


def change_of(event):
    if event["do"] in ("allocate", "free"):
        return event["bytes"] if event["do"] == "allocate" else -event["bytes"]
    return event["bytes"] - event["before"] if event["do"] in ("grow", "shrink") else 0


def add_events(columns, recording, lives, places, streams, reasons):
    events = recording.events
    columns.add("t", "d", (event["t"] for event in events))
    columns.add("kind", "B", (ACTIONS.index(event["do"]) for event in events))
    columns.add("owner", "I", (NONE if owner is None else owner.number for owner in lives.owner_of_event))
    columns.add("bytes", "d", (event["bytes"] for event in events))
    columns.add("change", "d", (change_of(event) for event in events))
    columns.add("thread", "I", (event["thread"] & 0xFFFFFFFF for event in events))
    columns.add("stream", "I", (streams.of(event.get("stream")) for event in events))
    columns.add("place", "I", (places.of(recording.place(event)) for event in events))
    columns.add("reason", "H", (reasons.of(event.get("reason", "")) for event in events))


def add_lives(columns, lives, places):
    of = lives.lives
    columns.add("lifeBegin", "I", (NONE if life.begin is None else life.begin for life in of))
    columns.add("lifeEnd", "I", (NONE if life.end is None else life.end for life in of))
    columns.add("lifeAddress", "d", (life.address for life in of))
    columns.add("lifeBytes", "d", (life.bytes for life in of))
    columns.add("lifeOwner", "I", (life.owner.number for life in of))
    columns.add("lifePlace", "I", (places.of(lives.recording.place(life.event)) for life in of))


def add_snapshot(columns, number, time, snapshot, lives):
    """Owners that no event told of come in on the way."""
    manager, by_id = snapshot["manager"], lives.by_id
    for record in snapshot["records"]:
        key = (manager, record["id"])
        if key in by_id or record["bytes"] == 0:
            continue
        place = None if record["file"] is None else (record["file"], record["line"], record["function"])
        owner = by_id[key] = lives.owner_of(manager, "(unnamed)" if record["name"] is None else record["name"], place)
        owner.now += record["bytes"]
        owner.peak += record["peak_bytes"]
        owner.blocks += 1
    spans = [span for span in mapped(snapshot) if span[2] in STATES]
    columns.add(f"spanAddress{number}", "d", (span[0] for span in spans))
    columns.add(f"spanBytes{number}", "d", (span[1] for span in spans))
    columns.add(f"spanState{number}", "B", (STATES.index(span[2]) for span in spans))
    columns.add(f"spanOwner{number}", "I", (by_id[(manager, span[3])].number if (manager, span[3]) in by_id else NONE
                                            for span in spans))
    layout = snapshot.get("layout")
    return {"t": time, "taken": snapshot["taken"], "device": snapshot["device"], "manager": manager,
            "limit": snapshot["limit_bytes"], "figures": snapshot["figures"], "pool": snapshot["pool"],
            "layout": layout is not None, "aliases": len(layout["aliases"]) if layout else 0,
            "pinned": sum(piece["bytes"] for piece in layout["pinned"]) if layout else 0}


def described(owner):
    place = owner.place
    path = f"{place[0]}:{place[1]} {place[2]}" if place else ""
    return {"name": owner.name, "place": short_place(place), "path": path,
            "before": owner.before, "now": owner.now, "peak": owner.peak, "events": owner.events, "grows": owner.grows,
            "blocks": owner.blocks}


def content(seen, snapshots, title):
    """What the page's scripts are given: a header, and columns."""
    is_recording = isinstance(seen, Recording)
    recording = seen if is_recording else Recording(title)
    recording.snapshots += [(recording.end, snapshot) for snapshot in ([] if is_recording else [seen]) + snapshots]
    lives, columns = Lives(recording), Columns()
    places, streams, reasons = Numbers(), Numbers(), Numbers()
    add_events(columns, recording, lives, places, streams, reasons)
    add_lives(columns, lives, places)
    for life in lives.alive():
        life.owner.blocks += 1
    shown = [add_snapshot(columns, number, time, snapshot, lives)
             for number, (time, snapshot) in enumerate(recording.snapshots)]
    ranges = address_ranges(recording, lives)
    columns.add("rangeAddress", "d", (address for address, _ in ranges))
    columns.add("rangeBytes", "d", (size for _, size in ranges))
    header = {"title": title, "written": recording.written, "process": recording.process, "end": recording.end,
              "lost": recording.lost, "whole": recording.whole, "recorded": is_recording,
              "owners": [described(owner) for owner in lives.owners],
              "places": [f"{place[0]}:{place[1]} {place[2]}" if place else "" for place in places.all],
              "streams": ["after all work" if stream is None else f"{stream:#x}" for stream in streams.all],
              "reasons": reasons.all, "actions": ACTIONS, "states": STATES, "snapshots": shown,
              "columns": columns.table}
    return header, bytes(columns.data)


def page_of(seen, snapshots, title):
    header, data = content(seen, snapshots, title)
    as_script = json.dumps(header, separators=(",", ":")).replace("<", "\\u003c")
    scripts = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    parts = {"TITLE": html.escape(title), "STYLE": (FOLDER / "style.css").read_text(encoding="utf-8"),
             "HEADER": as_script, "DATA": base64.b64encode(zlib.compress(data, 6)).decode(), "SCRIPT": scripts}
    return re.sub(r"@([A-Z]+)@", lambda mark: parts[mark.group(1)], page).encode("utf-8")
