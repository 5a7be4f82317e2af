# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/tuning.md has every environment variable, config field and CMake option, and true constants.

Usage: tuning_test.py ROOT. Variables are those that core/, compat/ and migration/ read, fields those of BufferConfig.
Each constant of the marked table must stand in core/ with the value told. In core/ one file alone calls getenv. Prints
each problem; exit status 1 where there is one.
"""

import re
import sys
from pathlib import Path

from documents import finish  # beside this file

UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
READ = re.compile(r'getenv\("([A-Z_]+)"\)|"(TRIUNE_[A-Z_]+)"')
OPTION = re.compile(r"^(?:option\((\w+)|set\((TRIUNE_\w+) \S+ CACHE)", re.MULTILINE)
FIELD = re.compile(r"^    [\w:]+ (\w+) = [^;]+;", re.MULTILINE)
CONSTANT = re.compile(r"constexpr [\w:]+ (\w+)(?: = ([^;]+)|\{([^};]+)\});")


def text_of(root, *patterns):
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(root.glob(pattern)))


def value_of(expression):
    """Of `32 * MiB`, `std::size_t{6} << 30`, `100'000`; None where it is something else."""
    plain = re.sub(r"std::size_t\{(\w+)\}", r"\1", expression).replace("'", "")
    if not re.fullmatch(r"(?:0|[1-9]\d*|[KMG]iB|[*<() ])+", plain) or re.search(r"\b0\d", plain):
        return None
    return eval(plain, {"__builtins__": {}}, UNITS)  # digits, units and two operators alone


def readers(root):
    """Files of the core that do not leave the environment to the one that reads it."""
    for path in sorted((root / "core").rglob("*.[ch]pp")):
        if "getenv(" in path.read_text(encoding="utf-8") and path.name != "environment.cpp":
            yield f"{path.relative_to(root)}: calls getenv itself; detail/base/environment.hpp reads variables"


def problems(page, code, config, cmake):
    told = set(re.findall(r"`([^`]+)`", page))
    for variable in sorted({name for pair in READ.findall(code) for name in pair if name}):
        if variable not in told:
            yield f"the variable {variable} is not there"
    for field in FIELD.findall(config):
        if field not in told:
            yield f"the field {field} is not there"
    for option in sorted({name for pair in OPTION.findall(cmake) for name in pair if name}):
        if option not in told:
            yield f"the CMake option {option} is not there"
    values = {}
    for name, assigned, braced in CONSTANT.findall(code):
        values.setdefault(name, set()).add(value_of(assigned or braced))
    table = page.partition("<!-- constants: begin -->")[2].partition("<!-- constants: end -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) ?([KMG]iB)? \|", table, re.MULTILINE)
    if not rows:
        yield "no constant is told"
    for name, number, unit in rows:
        if int(number.replace(",", "")) * UNITS[unit] not in values.get(name, set()):
            yield f"{name} is not {number} {unit} in the code".replace("  ", " ")


def main():
    root = Path(sys.argv[1])
    code = text_of(root, "core/**/*.hpp", "core/**/*.cpp", "compat/**/*.cpp", "migration/**/*.cpp")
    config = text_of(root, "core/triune/**/buffer_config.hpp").partition("struct BufferConfig {")[2]
    config = config.partition("static")[0]
    cmake = text_of(root, "CMakeLists.txt", "cmake/*.cmake", "tools/bench/CMakeLists.txt")
    page = (root / "docs/tuning.md").read_text(encoding="utf-8")
    assert FIELD.findall(config) and READ.findall(code) and OPTION.findall(cmake), "the check reads too little"
    words = {"`TRIUNE_LOG`": "variable", "`zeroed`": "field", "`TRIUNE_CUDA`": "option", "6 GiB": "limit"}
    for word, wrong in words.items():
        assert any(wrong in each for each in problems(page.replace(word, "5 GiB"), code, config, cmake)), wrong
    found = [f"docs/tuning.md: {each}" for each in problems(page, code, config, cmake)] + list(readers(root))
    finish(found)


main()
