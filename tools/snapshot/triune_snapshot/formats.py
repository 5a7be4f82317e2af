# SPDX-License-Identifier: Apache-2.0
"""Recordings and snapshots in the formats of others."""

import csv
import io
import json
import pickle

from triune_snapshot.lives import Lives
from triune_snapshot.reading import BadInput, Recording
from triune_snapshot.segments import segments_of
from triune_snapshot.words import short_place

COUNTED = 20  # buffers with a counter of their own on a time line


def pieces(recording):
    """(event, action, address, bytes), "allocate" and "free" alone: a growth is a new block, and the old one's end."""
    for event in recording.events:
        action = event["do"]
        if action in ("allocate", "free"):
            yield event, action, event["at"], event["bytes"]
        elif action in ("grow", "shrink"):
            old, new = event.get("from", event["at"]), event["at"]
            if old == new:
                yield event, "free", old, event["before"]
                yield event, "allocate", new, event["bytes"]
            else:
                yield event, "allocate", new, event["bytes"]
                yield event, "free", old, event["before"]


def to_rmm(recording):
    """The CSV of rmm's logging adaptor, which its replay benchmark and tools/bench read."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["Thread", "Time", "Action", "Pointer", "Size", "Stream"])
    for event, action, address, size in pieces(recording):
        rows.writerow([event["thread"], f"{event['t'] / 1e9:.9f}", action, f"{address:#x}", size,
                       f"{event['stream']:#x}" if "stream" in event else "0"])
    return text.getvalue().encode()


def to_chrome(recording):
    """Trace events, for Perfetto and chrome://tracing: counters of bytes, instants of all but allocations and frees."""
    lives = Lives(recording)
    counted = {owner.number for owner in sorted(lives.owners, key=lambda each: -each.peak)[:COUNTED]}
    process = recording.process
    events = [{"ph": "M", "name": "process_name", "pid": process, "args": {"name": recording.name}}]
    for thread in sorted({event["thread"] for event in recording.events}):
        events.append({"ph": "M", "name": "thread_name", "pid": process, "tid": thread,
                       "args": {"name": f"thread {thread}"}})
    now = [owner.before for owner in lives.owners]
    total = sum(now)
    for event, owner in zip(recording.events, lives.owner_of_event):
        action, time = event["do"], event["t"] / 1000
        change = {"allocate": event["bytes"], "free": -event["bytes"]}.get(action, 0)
        if action in ("grow", "shrink"):
            change = event["bytes"] - event["before"]
        if change:
            now[owner.number] += change
            total += change
            events.append({"ph": "C", "name": "memory", "pid": process, "ts": time, "args": {"bytes": total}})
            if owner.number in counted:
                events.append({"ph": "C", "name": owner.name, "id": str(owner.number), "pid": process, "ts": time,
                               "args": {"bytes": now[owner.number]}})
        if action not in ("allocate", "free"):
            told = {key: event[key] for key in ("bytes", "before", "reason") if key in event}
            told["place"] = short_place(recording.place(event))
            name = f"{action} {event.get('name', '')}".rstrip()
            events.append({"ph": "i", "s": "t", "name": name, "cat": action, "pid": process, "tid": event["thread"],
                           "ts": time, "args": told})
    return json.dumps({"traceEvents": events, "displayTimeUnit": "ns"}).encode()


def frames_of(recording, event):
    place = recording.place(event)
    named = {"name": f"'{event.get('name', '(unnamed)')}'", "filename": "", "line": 0}
    if place:
        named = {"name": f"{named['name']} in {place[2]}", "filename": place[0], "line": place[1]}
    frames = [named]
    for line in recording.stacks.get(event.get("stack"), []):
        function, _, place = line.rpartition(" in ")
        frames.append({"name": function or line, "filename": place, "line": 0})
    return frames


STATES = {"allocated": "active_allocated", "pending_free": "active_pending_free", "stream_free": "active_pending_free"}


def torch_segment(segment):
    blocks, at = [], segment.address
    for address, size, state, frames in segment.blocks:
        if address > at:
            blocks.append({"address": at, "size": address - at, "requested_size": 0, "state": "inactive", "frames": []})
        blocks.append({"address": address, "size": size, "requested_size": size, "state": STATES.get(state, "inactive"),
                       "frames": frames})
        at = address + size
    if at < segment.address + segment.bytes:
        rest = segment.address + segment.bytes - at
        blocks.append({"address": at, "size": rest, "requested_size": 0, "state": "inactive", "frames": []})
    used = sum(block["size"] for block in blocks if block["state"] == "active_allocated")
    active = sum(block["size"] for block in blocks if block["state"] != "inactive")
    return {"device": 0, "address": segment.address, "total_size": segment.bytes, "allocated_size": used,
            "active_size": active, "requested_size": used, "stream": 0, "segment_type": segment.kind,
            "segment_pool_id": [0, 0], "is_expandable": False, "frames": [], "blocks": blocks}


def to_pytorch(seen):
    """What torch.cuda.memory._dump_snapshot writes, as pytorch.org/memory_viz opens it."""
    trace = []
    if isinstance(seen, Recording):
        for event, action, address, size in pieces(seen):
            base = {"addr": address, "size": size, "stream": event.get("stream", 0), "time_us": event["t"] // 1000,
                    "frames": frames_of(seen, event)}
            for name in ("alloc",) if action == "allocate" else ("free_requested", "free_completed"):
                trace.append({"action": name, **base})
    snapshot = {"segments": [torch_segment(each) for each in segments_of(seen, frames_of)], "device_traces": [trace],
                "allocator_settings": {}, "external_annotations": []}
    return pickle.dumps(snapshot, protocol=4)


def converted(seen, to):
    if to == "pytorch":
        return to_pytorch(seen)
    if not isinstance(seen, Recording):
        raise BadInput(f"a snapshot has no events; --to {to} wants a recording")
    return {"rmm": to_rmm, "chrome": to_chrome}[to](seen)
