# SPDX-License-Identifier: Apache-2.0
"""Snapshots and recordings as text: all of one, the top holders, the difference of two."""

from triune_snapshot.lives import Lives, totals
from triune_snapshot.reading import Recording
from triune_snapshot.words import printable, readable_bytes, readable_time, short_place, table


class Holder:
    def __init__(self, name, kind, size, peak, count, place):
        self.name, self.kind, self.bytes, self.peak, self.count, self.place = name, kind, size, peak, count, place

    def key(self):
        return (self.name, short_place(self.place))


def holders(seen):
    """Of a snapshot, or of a recording at its end; equal names of one place are one. Most bytes first."""
    merged = {}

    def add(name, kind, size, peak, count, place):
        holder = merged.setdefault((name, kind, place), Holder(name, kind, 0, 0, 0, place))
        holder.bytes += size
        holder.peak += peak
        holder.count += count

    if isinstance(seen, Recording):
        for owner in Lives(seen).owners:
            if owner.peak:
                add(owner.name, "", owner.now, owner.peak, 1, owner.place)
    else:
        for record in seen["records"]:
            place = None if record["file"] is None else (record["file"], record["line"], record["function"])
            name = "(unnamed)" if record["name"] is None else record["name"]
            add(name, record["kind"], record["bytes"], record["peak_bytes"], 1, place)
    return sorted(merged.values(), key=lambda each: (-each.bytes, -each.peak, each.name))


def top(seen, count):
    rows = [("bytes", "", "peak", "count", "name", "place")]
    all_holders = holders(seen)
    for each in all_holders[:count]:
        rows.append((str(each.bytes), readable_bytes(each.bytes), readable_bytes(each.peak), str(each.count),
                     printable(each.name), short_place(each.place)))
    yield from table(rows, right=(0, 1, 2, 3))
    if len(all_holders) > count:
        yield f"and {len(all_holders) - count} more"


def span_states(layout):
    found = {}
    for segment in layout["segments"]:
        for span in segment["spans"]:
            size, count = found.get(span["state"], (0, 0))
            found[span["state"]] = (size + span["bytes"], count + 1)
    return found


def print_snapshot(seen, count):
    yield f"snapshot of {printable(seen['device'])} at {seen['taken']}, limit {readable_bytes(seen['limit_bytes'])}"
    for title, figures in (("", seen["figures"]), ("pool: ", seen["pool"])):
        rows = [(title + name, readable_bytes(value) if name.endswith("_bytes") else str(value))
                for name, value in figures.items()]
        yield from ("  " + line for line in table(rows, right=(1,)))
    if "layout" in seen:
        layout = seen["layout"]
        yield (f"layout: {len(layout['segments'])} segments, {len(layout['aliases'])} aliases, "
               f"{sum(piece['in_use'] for piece in layout['pinned'])} of {len(layout['pinned'])} pinned pieces in use")
        rows = [("  " + state, readable_bytes(size), f"in {number} spans")
                for state, (size, number) in sorted(span_states(layout).items())]
        yield from table(rows, right=(1,))
    yield ""
    yield from top(seen, count)


def print_recording(seen, count):
    lives = Lives(seen)
    peak, number = max(((total, i) for i, total in enumerate(totals(lives))), default=(0, 0))
    actions = {}
    for event in seen.events:
        actions[event["do"]] = actions.get(event["do"], 0) + 1
    yield (f"recording of process {seen.process}, written {seen.written}: {len(seen.events)} events in "
           f"{readable_time(seen.end)}, {seen.lost} lost" + ("" if seen.whole else "; it ends early"))
    yield "  " + ", ".join(f"{name} {actions[name]}" for name in sorted(actions))
    if seen.events:
        yield f"  peak {readable_bytes(peak)} ({peak} bytes) at {readable_time(seen.events[number]['t'])}"
    left = lives.alive()
    yield f"  at the end {readable_bytes(sum(life.bytes for life in left))} in {len(left)} blocks"
    for event in [each for each in seen.events if each["do"] == "failure"][:count]:
        yield (f"  failure at {readable_time(event['t'])}: '{printable(event.get('name', '(unnamed)'))}' wanted "
               f"{readable_bytes(event['bytes'])}: {event.get('reason', '')} {short_place(seen.place(event))}".rstrip())
    yield ""
    yield from top(seen, count)


def everything(seen, count):
    return print_recording(seen, count) if isinstance(seen, Recording) else print_snapshot(seen, count)


def difference(old, new, count):
    """By name and place, the biggest change first."""
    changes = {}
    for sign, seen in ((-1, old), (1, new)):
        for holder in holders(seen):
            size, number = changes.get(holder.key(), (0, 0))
            changes[holder.key()] = (size + sign * holder.bytes, number + sign * holder.count)
    changed = sorted(((key, value) for key, value in changes.items() if value != (0, 0)),
                     key=lambda each: (-abs(each[1][0]), each[0]))
    total = sum(size for size, _ in changes.values())
    yield f"{'+' if total >= 0 else ''}{total} bytes ({readable_bytes(total)}) in all"
    if not changed:
        yield "nothing has changed"
        return
    rows = [("bytes", "", "count", "name", "place")]
    for (name, place), (size, number) in changed[:count]:
        rows.append((f"{size:+}", readable_bytes(size), f"{number:+}", printable(name), place))
    yield from table(rows, right=(0, 1, 2))
    if len(changed) > count:
        yield f"and {len(changed) - count} more"
