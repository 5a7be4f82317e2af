# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/api.md tells of every public name, and of every type of ours that a public signature names, that
some document shows each public class in use, and that docs/c-and-python.md tells of the names of c/triune.h.

Usage: api_test.py ROOT. Public are the classes, functions and public member functions of the headers that
tests/layers/check_layers.py lists. Each must stand in docs/api.md in backticks, and so must the types of core/ that they
take or return, wherever those are declared. A header that declares no such name is none for users. A class must stand in
an example in C++, which tests/documents/examples_test.py finds in a program. Prints each problem; exit status 1 where
there is one.
"""

import re
import sys
from pathlib import Path

from documents import documents, finish  # beside this file

sys.path.insert(0, str(Path(__file__).parents[1] / "layers"))
from check_layers import PUBLIC, public_headers

UMBRELLA = "triune/triune.hpp"
# The seam: users pass it on; the verbs in it, and the types of these, are for backends.
SEAM = "triune/device/device.hpp"
# Classes that users do not name: bases, what the library alone makes, and what extensions grow buffers by.
WITHOUT_EXAMPLE = {"ErrorOf", "BufferAccess", "AllocationOrigin", "TrackedAllocation", "MemoryLayout", "SimLedger",
                   "GrowthSet", "Shortage"}
# Told for extensions, whose headers are private; and a class that has its name from another that is told.
FOR_EXTENSIONS = {"BufferState", "ManagerCore", "MemoryEvent", "MemoryEventKind", "NameKey", "Registry"}
NAMESAKES = {"Level"}
CLASS = re.compile(r"^(?:template .*)?(?:class|struct) (\w+)(?: final)?(?: :.*)?(?: \{|$)", re.MULTILINE)
EXAMPLE = re.compile(r"^[ ]*```cpp\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
TYPE = re.compile(r"^(?:template .*)?(class|struct|enum class|concept) (?:\[\[\w+\]\] )?(\w+)(?!.*;$)")
DECLARED = re.compile(r"^(?:enum class|enum|class|struct|using) (\w+)(?! *;)", re.MULTILINE)
# Macros that are numbers, and members of a template that are defined behind their class.
DEFINED = re.compile(r"^#define (\w+) \d|^\w+<\w+> \w+<\w+>::(\w+)\(", re.MULTILINE)
ALIAS = re.compile(r"^(?:template .*)?(?:using|concept) (\w+) =")
FUNCTION = re.compile(r"^(?:[\w:<>,&*\[\]()\s]*?[\s&*>])?(~?\w+)\((?!\*)")
KEYWORDS = {"if", "for", "while", "return", "switch", "static_assert", "requires", "throw", "noexcept", "explicit", "decltype"}


def names(text):
    """The public names; behind "signature " all of a line that declares a public function."""
    type_name, public, hidden = None, True, False
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith(("//", "#")):
            continue
        if line.startswith("namespace"):
            hidden = "detail" in line
        if line.startswith("}"):
            type_name = None
            hidden = hidden and "namespace detail" not in line
        if hidden:
            continue
        if match := TYPE.match(line) or ALIAS.match(line):
            name = match.group(match.lastindex)
            yield name
            if line.endswith("{"):
                type_name, public = name, match.group(1) != "class"
            continue
        if type_name and line.startswith("  ") and bare in ("public:", "private:", "protected:"):
            public = bare == "public:"
            continue
        indent = len(line) - len(line.lstrip())
        if not bare or indent != (4 if type_name else 0) or not public or bare.endswith("override;"):
            continue
        if bare.startswith(("template", "friend", "using", ":", "}")):
            continue
        match = FUNCTION.match(bare.split(" : ")[0])  # a constructor without what it initialises
        if match and match.group(1) not in KEYWORDS | {type_name} and not match.group(1).startswith(("~", "BOOST")):
            if "operator" not in bare.split("(")[0]:
                yield match.group(1)
            yield "signature " + bare.split("//")[0].split("{")[0]


INCLUDE = re.compile(r"#include <triune/(\w+)/([\w/]+)\.hpp>")
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)


def wrong_rows(page, umbrella):
    """What the table of public headers in docs/architecture.md has otherwise than the list, and than the umbrella."""
    table = page.partition("### Public and private\n")[2].partition("\n#")[0]
    rows = {layer: [re.findall(r"`([\w/]+)`", cell) for cell in cells] for layer, *cells in ROW.findall(table)}
    reached = {}
    for layer, stem in INCLUDE.findall(umbrella):
        reached.setdefault(layer, []).append(stem)
    for layer, stems in PUBLIC.items():
        first, *others = rows.get(layer, [[]])
        if first != reached.get(layer, []) or sorted(first + sum(others, [])) != sorted(stems.split()):
            yield f"docs/architecture.md: the public headers of {layer} are {stems}, in the umbrella {reached.get(layer)}"


def told_and_private(root, told):
    """Classes that docs/api.md tells to users, declared where these do not look."""
    for path in sorted((root / "core/triune/detail").rglob("*.hpp")):
        for name in re.findall(r"^(?:enum class|class|struct|using) (\w+)(?! *;|::)\b", path.read_text(), re.MULTILINE):
            if name in told - FOR_EXTENSIONS - NAMESAKES:
                yield f"{path.relative_to(root / 'core')}: {name} is in docs/api.md, so its header is a public one"


C_NAME = re.compile(r"^(?:[\w *]+?\b(triune_\w+)\(|typedef (?:struct|enum) (triune_\w+)|#define (TRIUNE_\w+))", re.MULTILINE)


def missing_of_c(header, page):
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", page))))
    names = {name for found in C_NAME.findall(header) for name in found if name} - {"TRIUNE_H"}
    assert len(names) > 60, f"only {len(names)} names were found: the check reads too little"
    return [f"c/triune.h: {name} is not in docs/c-and-python.md" for name in sorted(names - told)]


def main():
    root = Path(sys.argv[1])
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", (root / "docs/api.md").read_text()))))
    ours = {name for header in (root / "core").rglob("*.hpp") for name in DECLARED.findall(header.read_text())}
    shown = {word for document in documents(root) for example in EXAMPLE.findall(document.read_text(encoding="utf-8"))
             for word in re.findall(r"\w+", example)}
    missing, count = [], 0
    for header in public_headers(root):
        text = (root / "core" / header).read_text()
        declared = set(names(text)) | {name for found in DEFINED.findall(text) for name in found if name}
        if not declared & told and header != UMBRELLA:
            missing.append(f"{header}: no name of docs/api.md is declared here; it belongs in triune/detail/")
        if header == SEAM:
            continue
        for name in sorted(declared):
            if name.startswith("signature "):
                named = ours.intersection(re.findall(r"\w+", name)) - told
                missing += [f"{header}: {each}, which a signature names, is not in docs/api.md" for each in sorted(named)]
                continue
            count += 1
            if name not in told:
                missing.append(f"{header}: {name} is not in docs/api.md")
        for name in CLASS.findall(text):
            if name not in shown | WITHOUT_EXAMPLE:
                missing.append(f"{header}: no document has an example of {name}")
    missing = list(dict.fromkeys(missing)) + list(told_and_private(root, told))
    assert list(told_and_private(root, {"Storage"})), "the check finds nothing"
    header, page = (root / "c/triune.h").read_text(), (root / "docs/c-and-python.md").read_text()
    missing += missing_of_c(header, page)
    page_of_layers, umbrella = (root / "docs/architecture.md").read_text(), (root / "core" / UMBRELLA).read_text()
    missing += wrong_rows(page_of_layers, umbrella)
    assert list(wrong_rows(page_of_layers.replace("`graph_arrays`, ", ""), umbrella)), "the check finds nothing"
    assert missing_of_c(header, page.replace("`triune_view`", "")), "the check finds nothing"
    assert count > 100, f"only {count} names were found: the check reads too little"
    finish(missing)


if __name__ == "__main__":
    main()
