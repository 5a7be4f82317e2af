# SPDX-License-Identifier: Apache-2.0
"""Holds a run's tables against the targets, and prints them."""
import dataclasses
import math

import targets


@dataclasses.dataclass(frozen=True)
class Verdict:
    target: targets.Target
    ours: float = math.nan
    peer: str = ""      # the best of those in the run
    theirs: float = math.nan
    ratio: float = math.nan  # how many times better ours is than theirs
    met: bool | None = None  # None: cannot be told from this run

    @property
    def word(self):
        if self.met is not None:
            return "met" if self.met else "MISSED"
        return "not measured" if math.isnan(self.ours) else "no verdict"

    @property
    def demand(self):
        target = self.target
        if not math.isnan(target.most):
            return f"at most {number(target.most)}"
        if not math.isnan(target.least):
            return f"at least {number(target.least)}"
        against = " or ".join(target.against) or "the best peer"
        if target.times == 1:
            return f"no worse than {against}"
        if target.times > 1:
            return f"{number(target.times)}x better than {against}"
        return f"at most {number(1 / target.times)}x worse than {against}"


def number(value):
    """Four significant digits, no digit before the point less; a dash where there is no number."""
    if value is None or math.isnan(value):
        return "-"
    if value != 0 and not 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}" if abs(value) < 1e-3 else f"{value:,.0f}"
    return f"{value:.4g}"


def size(x):
    """The point on a curve: a count or, where it is a power of two of at least 1024, bytes."""
    if not x:
        return ""
    x = int(x)
    if x >= 1024 and x & (x - 1) == 0:
        for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if x >= unit:
                return f"{x // unit} {name}"
    return f"{x:,}"


def figures(tables):
    """{(table, case, x): {contestant: row}} of the programs' JSON."""
    found = {}
    for table in tables:
        for row in table["rows"]:
            found.setdefault((table["table"], row["case"], row["x"]), {})[row["contestant"]] = row
    return found


def judge(target, found, simulated=False):
    """The verdict on one target; `found` is what figures() gives. Times on the simulated device give none."""
    rows = found.get((target.table, target.case, target.x), {})
    mine = rows.get(target.contestant)
    if mine is None:
        return Verdict(target)
    ours = mine["median"]
    if simulated and not target.host_only:
        return Verdict(target, ours)
    if not math.isnan(target.most):
        return Verdict(target, ours, met=ours <= target.most)
    if not math.isnan(target.least):
        return Verdict(target, ours, met=ours >= target.least)
    more = mine["better"] == "more"
    peers = {name: row["median"] for name, row in rows.items()
             if (name in target.against if target.against else name not in targets.OWN)}
    if not peers:
        return Verdict(target, ours)
    peer = (max if more else min)(peers, key=peers.get)
    theirs = peers[peer]
    better, worse = (ours, theirs) if more else (theirs, ours)
    ratio = better / worse if worse else math.inf
    return Verdict(target, ours, peer, theirs, ratio, ratio >= target.times)


def judge_all(tables, simulated=False):
    """On the targets of the tables that were made."""
    found = figures(tables)
    made = {table["table"] for table in tables}
    return [judge(target, found, simulated) for target in targets.TARGETS if target.table in made]


def aligned(lines, words=(0,)):
    """Rows of cells as text; columns in `words` to the left, the others to the right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i in words else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


def markdown(lines, words=(0,)):
    """The same rows as a table of Markdown."""
    rule = ["---" if i in words else "---:" for i in range(len(lines[0]))]
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule, *lines[1:]])


def contestants_of(table):
    return list(dict.fromkeys(row["contestant"] for row in table["rows"]))


TABLE_WORDS = (0, 2)
VERDICT_WORDS = (0, 4, 6, 7)


def table_lines(table):
    """All figures of one program: a line a case, a column a contestant; medians, ours with the 10% and 90% quantiles."""
    names = contestants_of(table)
    lines = [["case", "size", "unit", *names]]
    rows = {}
    for row in table["rows"]:
        rows.setdefault((row["case"], row["x"], row["unit"]), {})[row["contestant"]] = row
    for (case, x, unit), by_name in rows.items():
        cells = [case, size(x), unit]
        for name in names:
            row = by_name.get(name)
            if row is None:
                cells.append("-")
            elif name in targets.OWN and row["samples"] > 1:
                cells.append(f"{number(row['median'])} ({number(row['low'])}..{number(row['high'])})")
            else:
                cells.append(number(row["median"]))
        lines.append(cells)
    return lines


def verdict_lines(verdicts):
    lines = [["target", "size", "ours", "best peer", "", "ratio", "demand", ""]]
    for verdict in verdicts:
        target = verdict.target
        who = "" if target.contestant == "triune" else f" ({target.contestant})"
        lines.append([f"{target.table}: {target.case}{who}", size(target.x), number(verdict.ours), number(verdict.theirs),
                      verdict.peer, number(verdict.ratio), verdict.demand, verdict.word])
    return lines
