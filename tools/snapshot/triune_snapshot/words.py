# SPDX-License-Identifier: Apache-2.0
"""Figures and places as people read them."""


def readable_bytes(count):
    """"1.50 MiB"; below 1 KiB "1000 B"."""
    sign, size = ("-" if count < 0 else ""), abs(count)
    if size < 1024:
        return f"{sign}{size} B"
    for unit in ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB"):
        size /= 1024
        if size < 1024 or unit == "EiB":
            return f"{sign}{size:.2f} {unit}"


def printable(text):
    """On one line, without control characters."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def short_place(place):
    """"layout.cpp:12" of (file, line, function); "" of None."""
    return f"{printable(place[0].rpartition('/')[2])}:{place[1]}" if place else ""


def readable_time(nanoseconds):
    for unit, size in (("s", 10**9), ("ms", 10**6), ("us", 10**3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3f} {unit}"
    return f"{nanoseconds} ns"


def table(rows, right=()):
    """Lines of columns; those numbered in `right` end at the same place."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [cell.rjust(width) if i in right else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        yield "  ".join(cells).rstrip()
