# SPDX-License-Identifier: Apache-2.0
"""Pieces of addresses with memory in them, at the end of a recording or in a snapshot."""

from triune_snapshot.lives import Lives
from triune_snapshot.reading import Recording

# Blocks that lie so near each other are taken for parts of one segment, where nothing says what the segments are.
NEAR = 1 << 20


class Segment:
    def __init__(self, address, size, kind):
        self.address, self.bytes, self.kind = address, size, kind
        self.blocks = []  # (address, bytes, state, frames), by address, apart from one another


def united(ranges, gap=0):
    """Of (begin, end): by address, with what touches, or lies within `gap`, as one."""
    found = []
    for begin, end in sorted(ranges):
        if found and begin <= found[-1][1] + gap:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([begin, end])
    return found


def mapped(snapshot):
    """(address, bytes, state, owner, kind) of every span with memory, of a snapshot with a layout."""
    for segment in snapshot.get("layout", {}).get("segments", []):
        for span in segment["spans"]:
            if span["state"] != "unmapped":
                yield int(span["address"], 16), span["bytes"], span["state"], span["owner"], segment["kind"]


def address_ranges(recording, lives):
    """Where there ever was memory, as far as the recording and its snapshots tell: (address, bytes)."""
    ranges = [(life.address, life.address + life.bytes) for life in lives.lives]
    for _, snapshot in recording.snapshots:
        ranges += [(address, address + size) for address, size, *_ in mapped(snapshot)]
    return [(begin, end - begin) for begin, end in united(ranges, NEAR)]


def kind_of(size):
    return "small" if size <= 1 << 20 else "large"


def segments_of(seen, frames_of):
    """By address."""
    if isinstance(seen, Recording):
        lives = Lives(seen)
        made = [Segment(address, size, kind_of(size)) for address, size in address_ranges(seen, lives)]
        blocks = [(life.address, life.bytes, "allocated", frames_of(seen, life.event)) for life in lives.alive()]
    else:
        spans = list(mapped(seen))
        names = {record["id"]: record for record in seen["records"]}
        made = [Segment(begin, end - begin, kind_of(end - begin))
                for begin, end in united((address, address + size) for address, size, *_ in spans)]
        blocks = [(address, size, state, frames_of_record(names.get(owner)))
                  for address, size, state, owner, _ in spans]
    number, end = 0, 0
    for block in sorted(blocks, key=lambda each: each[0]):
        while number < len(made) and block[0] >= made[number].address + made[number].bytes:
            number += 1
        if number < len(made) and block[0] >= max(made[number].address, end):
            made[number].blocks.append(block)
            end = block[0] + block[1]
    return made


def frames_of_record(record):
    if record is None:
        return []
    name = "(unnamed)" if record["name"] is None else record["name"]
    return [{"name": f"'{name}' in {record['function'] or ''}", "filename": record["file"] or "",
             "line": record["line"] or 0}]
