# SPDX-License-Identifier: Apache-2.0
"""What the checks of the documents share: the pages of a checkout, the parts of one, its links, and how a check ends."""

import re
import sys

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
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


def entries(text):
    """Number of the first line, and text as one line, of each item of a list, with the items within it."""
    found = []
    for number, line, _ in lines_of(text):
        if line.startswith("- "):
            found.append((number, line.strip()))
        elif found and line.startswith("  "):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def quoted(line):
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", line)


def anchors(text):
    """As GitHub makes them from headings, and those written as <a id>."""
    found = set(re.findall(r'<a id="([^"]+)"', text))
    for heading in re.findall(r"(?m)^#+ +(.*)$", text):
        bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(bare.replace(" ", "-"))
    return found


def broken_links(text, document):
    """What the links in `text`, which stands in `document`, do not lead to."""
    for target in LINK.findall(text):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        if not path.exists():
            yield f"the link {target} leads nowhere"
        elif anchor and path.suffix == ".md" and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield f"the link {target} names no heading of that page"


def finish(found):
    """Prints each problem; the test fails where there is one."""
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
