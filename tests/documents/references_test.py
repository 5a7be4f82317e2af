# SPDX-License-Identifier: Apache-2.0
"""Checks that what the documents refer to is there.

Usage: references_test.py ROOT. Of every document it checks each relative link with its anchor; each path, script,
option of a script, preset, CMake option, environment variable, rule, note and name of the library that stands in
backticks or in a block of code; that an index leads to each page; and the length of the lines that are no table.
Prints each problem; exit status 1 where there is one.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

from documents import broken_links, documents, finish, lines_of, passages, quoted  # beside this file

FOLDERS = ("core", "compat", "c", "python", "examples", "migration", "tests", "tools", "cmake", "docs")
PATH = re.compile(r"(?<![\w./$-])((?:\./)?[\w.*-]+(?:/[\w.*-]+)+/?)(?![\w/*<])")
FILE_ENDING = re.compile(r"\.(?:hpp|cpp|cu|py|sh|md|cmake|svg|txt)$")
SCRIPT = re.compile(r"(?<![\w/])(?:\./)?(tools/[\w/]+\.(?:sh|py))((?: +[^|&;#]*)?)")
PRESET = re.compile(r"(cmake --build|cmake|ctest) --preset (\w+)")
CMAKE_OPTION = re.compile(r"-D(TRIUNE_\w+)")
VARIABLE = re.compile(r"(?<![\w-])(TRIUNE_[A-Z_]+)(?![\w(])")
NOTE = re.compile(r"\bNote \[([^\]]+)\]")
RULE = re.compile(r"\bTRIUNE[1-5]\d{3}\b")
MEMBER = re.compile(r"\btriune::(\w+)")
LONGEST = 100
LONGEST_CODE = 120
# Pages that tell of the past: the tree of that day is not today's.
HISTORY = ("docs/measurements/", "docs/decisions/")


class Tree:
    """What there is to refer to."""

    def __init__(self, root):
        self.root = root
        presets = json.loads((root / "CMakePresets.json").read_text())
        kinds = {"cmake": "configurePresets", "cmake --build": "buildPresets", "ctest": "testPresets"}
        self.presets = {command: {each["name"] for each in presets[kind]} for command, kind in kinds.items()}
        self.cmake = self.read("CMakeLists.txt", *root.glob("*/CMakeLists.txt"), *root.glob("cmake/*"),
                               *root.glob("tools/*/CMakeLists.txt"))
        self.headers = self.read(*root.glob("core/**/*.hpp"), *root.glob("compat/triune/**/*.hpp"), *root.glob("c/*.h"),
                                 *root.glob("python/triune/*.py"))
        self.code = self.headers + self.read(*root.glob("core/**/*.cpp"), *root.glob("compat/**/*.hpp"),
                                             *root.glob("tests/**/*.cpp"), *root.glob("tests/**/*.py"))
        self.rules = self.read(*root.glob("migration/**/*.cpp"))

    def read(self, *paths):
        files = [self.root / path for path in paths if (self.root / path).is_file()]
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)

    def has_path(self, name, document):
        name = name.removeprefix("./").rstrip("/")
        for base in (self.root, document.parent, self.root / "core/triune", self.root / "core", self.root / "compat"):
            if any(base.glob(name)):
                return True
        return False

    def has_word(self, word, text):
        return re.search(rf"\b{word}\b", text) is not None


def check_paths(text, document, tree):
    for name in PATH.findall(text):
        first = name.removeprefix("./").split("/")[0]
        known = first in FOLDERS or (FILE_ENDING.search(name) and first in ("triune", "utils", "gpu"))
        if known and not re.search(r"[A-Z]{3,}(?!\w*\.)", name) and not tree.has_path(name, document):
            yield f"there is no {name}"


def script_text(root, script):
    """A script and what it runs or sources: its options may be read there."""
    text = (root / script).read_text(encoding="utf-8")
    parts = [text]
    for other in re.findall(r"tools/[\w/]+\.py", text):
        if (root / other).is_file():
            parts.append((root / other).read_text(encoding="utf-8"))
    return "\n".join(parts)


def check_commands(text, tree):
    for script, arguments in SCRIPT.findall(text):
        if not (tree.root / script).is_file():
            yield f"there is no {script}"
            continue
        for option in re.findall(r"(?<!\S)--[a-z][\w-]*", arguments):
            if option not in script_text(tree.root, script):
                yield f"{script} has no {option}"
    if "triune-migrate" in text:
        for option in re.findall(r"(?<!\S)--[a-z][\w-]*", text.partition("triune-migrate")[2].partition("#")[0]):
            if option not in tree.rules:
                yield f"triune-migrate has no {option}"
    for command, preset in PRESET.findall(text):
        if preset not in tree.presets[command]:
            yield f"{command} has no preset {preset}"
    for option in CMAKE_OPTION.findall(text):
        if not tree.has_word(option, tree.cmake + tree.code):
            yield f"nothing reads {option}"


def check_names(text, tree):
    for variable in VARIABLE.findall(text):
        if not tree.has_word(variable, tree.code + tree.cmake):
            yield f"nothing reads {variable}"
    for note in NOTE.findall(text):
        if f"Note [{note}]" not in tree.code:
            yield f"there is no Note [{note}]"
    for rule in RULE.findall(text):
        if rule not in tree.rules:
            yield f"there is no rule {rule}"
    for member in MEMBER.findall(text):
        if not tree.has_word(member, tree.headers) and f"triune::{member}" not in tree.cmake:
            yield f"triune::{member} is no name of the library"


def check_length(line, inside):
    table = line.lstrip().startswith("|") and not inside
    longest = LONGEST_CODE if inside else LONGEST
    one_word = len(line.split()) == 1  # which no line can hold
    if len(line) > longest and not table and not one_word and "](" not in line and "<" not in line[:2]:
        yield f"{len(line)} characters; the most is {longest}"


def check_index(root):
    """Every page of docs/ is in the index; those of a folder are in the folder's own."""
    for page in sorted((root / "docs").rglob("*.md")):
        index = page.parent / "README.md"
        if page == index and page.parent.parent == root:
            continue
        if page == index:
            index = page.parent.parent / "README.md"
        led_to = index.read_text(encoding="utf-8") if index.is_file() else ""
        if f"({page.relative_to(index.parent).as_posix()}" not in led_to:
            yield f"{page.relative_to(root).as_posix()}:1: no index leads here"


def problems(root):
    tree = Tree(root)
    yield from check_index(root)
    for document in documents(root):
        inside_root = document.relative_to(root).as_posix()
        text = document.read_text(encoding="utf-8")
        for number, passage, code in passages(text):
            found = list(broken_links(passage, document)) if not code else []
            if not inside_root.startswith(HISTORY):
                for each in [passage] if code else quoted(passage):
                    found += check_paths(each, document, tree)
                    found += [*check_commands(each, tree), *check_names(each, tree)]
            for what in dict.fromkeys(found):
                yield f"{inside_root}:{number}: {what}"
        for number, line, code in lines_of(text):
            for what in check_length(line, code):
                yield f"{inside_root}:{number}: {what}"


def check_itself():
    """A page with one mistake of each kind, and some things that are right."""
    page = """# Page
[gone](gone.md) [no heading](page.md#other) [there](page.md#page) [over two
lines](gone_too.md)

`core/triune/gone.hpp` `core/triune/*/there.hpp` `tools/gone.sh`
`./tools/there.sh --unknown` `./tools/there.sh --known`
`cmake --preset gone` `-DTRIUNE_GONE=ON` `TRIUNE_GONE_TOO` `TRIUNE1999`
`triune::Gone` `triune-migrate --gone` `Note [Gone]`

    ./tools/there.sh --gone
    ctest --preset gone
""" + "long " * 21
    files = {
        "docs/page.md": page,
        "core/triune/base/there.hpp": "",
        "tools/there.sh": "--known",
        "CMakeLists.txt": "",
        "CMakePresets.json": '{"configurePresets": [], "buildPresets": [], "testPresets": []}',
    }
    expected = """no index leads here
the link gone.md leads nowhere
the link page.md#other names no heading of that page
the link gone_too.md leads nowhere
there is no core/triune/gone.hpp
there is no tools/gone.sh
tools/there.sh has no --unknown
cmake has no preset gone
nothing reads TRIUNE_GONE
nothing reads TRIUNE_GONE_TOO
there is no rule TRIUNE1999
triune::Gone is no name of the library
triune-migrate has no --gone
there is no Note [Gone]
tools/there.sh has no --gone
ctest has no preset gone
105 characters; the most is 100"""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        found = [line.partition(": ")[2] for line in problems(root)]
        assert found == expected.splitlines(), found


def main():
    check_itself()
    finish(list(problems(Path(sys.argv[1]))))


main()
