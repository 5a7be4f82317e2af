#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a run's curves as SVG, readable on light and dark pages.

  plots.py RESULTS.json FOLDER
"""
import html
import json
import math
import pathlib
import sys

import targets
import verdicts

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 44, 52
# Of equal lightness, told apart by most kinds of colour vision; Triune's own is always the first.
COLOURS = ("#0f7fd6", "#d9730d", "#2a9d5c", "#b3479b", "#8f7a00", "#d0453f", "#0c9aa0", "#7a6bd1", "#77777f")
DASHES = ("", "6 3", "2 3", "8 3 2 3")
BOUND = ("#8d929c", "1 3")  # of what no user calls: grey and dotted, in no contestant's way
STYLE = """
    svg { background: #ffffff; color: #1c1f23; font: 12px system-ui, sans-serif }
    .grid { stroke: #1c1f23; stroke-opacity: .13 }
    .axis, .words { fill: currentColor }
    .title { font-size: 15px; font-weight: 600; fill: currentColor }
    .line { fill: none; stroke-width: 1.6 }
    .ours { stroke-width: 3 }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181c; color: #e8eaed }
      .grid { stroke: #e8eaed }
    }
"""


def _ticks(low, high):
    """Powers of ten around the range, or of two steps where there are few; at least two."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]


def _ends(values):
    return min(values), max(values)


def curves_of(table):
    """{case: (unit, {contestant: [(x, low, median, high), ...]})} of cases with three points or more."""
    found = {}
    for row in table["rows"]:
        if row["x"] > 0:
            unit, lines = found.setdefault(row["case"], (row["unit"], {}))
            lines.setdefault(row["contestant"], []).append((row["x"], row["low"], row["median"], row["high"]))
    return {case: (unit, {name: sorted(points) for name, points in lines.items()})
            for case, (unit, lines) in found.items()
            if any(len(points) >= 3 for points in lines.values())
            and any(point[2] > 0 for points in lines.values() for point in points)}


def draw(title, unit, lines):
    """One plot, both axes logarithmic; points at 0 stand at its bottom edge. Returns the SVG's text."""
    xs = [point[0] for points in lines.values() for point in points]
    ys = [point[2] for points in lines.values() for point in points if point[2] > 0]
    x_ticks = sorted(set(xs))
    y_ticks = _ticks(min(ys), max(ys))
    low_x, high_x = math.log(min(xs)), math.log(max(xs))
    low_y, high_y = math.log(y_ticks[0]), math.log(y_ticks[-1])

    def place_x(x):
        return LEFT + (math.log(x) - low_x) / ((high_x - low_x) or 1) * (WIDTH - LEFT - RIGHT)

    def place_y(y):
        share = (math.log(y) - low_y) / (high_y - low_y) if y > 0 else 0
        return HEIGHT - BOTTOM - min(1, max(0, share)) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
             f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
             f'<text class="title" x="{LEFT}" y="22">{html.escape(title)}, {html.escape(unit or "ratio")}</text>']
    for tick in y_ticks:
        y = place_y(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{verdicts.number(tick)}</text>')
    step = max(1, math.ceil(len(x_ticks) / 8))
    for tick in x_ticks[::step]:
        x = place_x(tick)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="axis" x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{verdicts.size(tick)}</text>')
    for index, (name, points) in enumerate(lines.items()):
        colour, dash = BOUND if name in targets.BOUNDS else (COLOURS[index % len(COLOURS)], DASHES[index // len(COLOURS) % len(DASHES)])
        ours = " ours" if name == "triune" else ""
        path = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, _, y, _ in points)
        if len(points) > 1:
            parts.append(f'<polyline class="line{ours}" stroke="{colour}" stroke-dasharray="{dash}" points="{path}"/>')
        for x, low, median, high in points:
            parts.append(f'<line stroke="{colour}" stroke-opacity=".5" x1="{place_x(x):.1f}" x2="{place_x(x):.1f}" '
                         f'y1="{place_y(low):.1f}" y2="{place_y(high):.1f}"/>')
            parts.append(f'<circle fill="{colour}" r="{3.5 if ours else 2.5}" cx="{place_x(x):.1f}" cy="{place_y(median):.1f}"/>')
        y = TOP + 10 + 20 * index
        parts.append(f'<line class="line{ours}" stroke="{colour}" stroke-dasharray="{dash}" x1="{WIDTH - RIGHT + 16}" '
                     f'x2="{WIDTH - RIGHT + 40}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="words" x="{WIDTH - RIGHT + 48}" y="{y + 4}">{html.escape(name)}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def trades_of(tables):
    """{trace: {contestant: (first pass in ns, held over live)}} of the replay and of Triune's settings."""
    found = {}
    for table in tables:
        if table["table"] not in ("replay", "chunks"):
            continue
        for row in table["rows"]:
            trace, _, what = row["case"].partition(": ")
            place = {"first pass, an operation": 0, "held over live": 1}.get(what)
            if place is not None:
                point = found.setdefault(trace, {}).setdefault(row["contestant"], [None, None])
                point[place] = row["median"]
    return {trace: whole for trace, points in found.items()
            if (whole := {name: tuple(point) for name, point in points.items() if None not in point})}


LINE = 15  # of words under one another


def _beside(x, y, words, taken):
    """Where words stand that belong to a point: right of it, moved up or down past what is `taken`, which grows."""
    width = 7 * len(words)
    for step in range(60):
        line = y + 4 + (step + 1) // 2 * LINE * (-1 if step % 2 else 1)
        free = all(abs(line - other) >= LINE or x + width < left or right < x for left, right, other in taken)
        if free and TOP < line < HEIGHT - BOTTOM:
            break
    taken.append((x, x + width, line))
    return line


def draw_trade(trace, points):
    """Memory held beyond what lives against the time of a first pass, both logarithmic: each contestant a point, Triune's settings a
    line."""
    beyond = {name: max(100 * (held - 1), 0.1) for name, (_, held) in points.items()}  # percent
    x_ticks, y_ticks = _ticks(*_ends([time for time, _ in points.values()])), _ticks(*_ends(beyond.values()))

    def scale(ticks, low, high):
        first, last = math.log(ticks[0]), math.log(ticks[-1])
        return lambda value: low + (math.log(value) - first) / (last - first) * (high - low)

    right = WIDTH - RIGHT // 2
    place_x, place_y = scale(x_ticks, LEFT, right), scale(y_ticks, HEIGHT - BOTTOM, TOP)
    title = f"{trace}: memory held beyond what is used, %"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
             f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
             f'<text class="title" x="{LEFT}" y="22">{html.escape(title)}</text>',
             f'<text class="axis" x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
             "nanoseconds an operation of the first pass; the best place is at the bottom left</text>"]
    for tick in x_ticks:
        x = place_x(tick)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="axis" x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{verdicts.number(tick)}</text>')
    for tick in y_ticks:
        y = place_y(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{verdicts.number(tick)}</text>')
    settings = [name for name in points if "=" in name]
    if len(settings) > 1:
        path = " ".join(f"{place_x(points[name][0]):.1f},{place_y(beyond[name]):.1f}" for name in settings)
        parts.append(f'<polyline class="line ours" stroke="{COLOURS[0]}" points="{path}"/>')
    others = 0
    taken = [(place_x(time) - 5, place_x(time) + 5, place_y(beyond[name]) + 4) for name, (time, _) in points.items()]
    for name, (time, _) in sorted(points.items(), key=lambda each: each[1]):
        ours = "=" in name or name.startswith("triune")
        others += not ours
        colour = COLOURS[0] if ours else COLOURS[others % len(COLOURS)]
        x, y = place_x(time), place_y(beyond[name])
        words = f"{name.rpartition('=')[2]} MiB" if "=" in name else name
        parts.append(f'<circle fill="{colour}" r="4" cx="{x:.1f}" cy="{y:.1f}"/>')
        line = _beside(x + 8, y, words, taken)
        if abs(line - y - 4) > 1:
            parts.append(f'<line stroke="{colour}" stroke-opacity=".5" x1="{x:.1f}" x2="{x + 8:.1f}" y1="{y:.1f}" y2="{line - 4:.1f}"/>')
        parts.append(f'<text class="words" x="{x + 8:.1f}" y="{line:.1f}">{html.escape(words)}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def write_all(tables, folder):
    """A file a curve, TABLE-CASE.svg; answers their paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        for case, (unit, lines) in curves_of(table).items():
            name = "".join(letter if letter.isalnum() else "-" for letter in f"{table['table']}-{case}").strip("-")
            while "--" in name:
                name = name.replace("--", "-")
            path = folder / f"{name}.svg"
            path.write_text(draw(f"{table['table']}: {case}", unit, lines), encoding="utf-8")
            written.append(path)
    for trace, points in trades_of(tables).items():
        path = folder / f"held-by-first-pass-{trace}.svg"
        path.write_text(draw_trade(trace, points), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for drawn in write_all(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["tables"], sys.argv[2]):
        print(drawn)
