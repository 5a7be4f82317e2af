# SPDX-License-Identifier: Apache-2.0
"""The documents of a checkout, and the parts of one that the checks look at."""

import re

FENCE = re.compile(r"^\s*```")


def documents(root):
    """Every page that people read: those beside the sources, and all of docs/."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def lines_of(text):
    """Number, line, and whether it stands in a block of code; without the lines that open and close one."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            inside = not inside
        else:
            yield number, line, inside or line.startswith("    ")


def passages(text):
    """Number of the first line, text, and whether it is code: lines of code, tables and headings, and paragraphs."""
    paragraph, began = [], 0
    for number, line, code in [*lines_of(text), (0, "", False)]:
        alone = code or line.lstrip().startswith(("|", "#"))
        if paragraph and (alone or not line.strip()):
            yield began, " ".join(paragraph), False
            paragraph = []
        if alone:
            yield number, line, code
        elif line.strip():
            began = began if paragraph else number
            paragraph.append(line.strip())


def quoted(line):
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", line)
