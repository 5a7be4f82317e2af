# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/troubleshooting.md has an entry for each error, refusal and note, and for nothing else.

Usage: troubleshooting_test.py ROOT. Errors are the enumerators of Errc, refusals and notes those that triune-migrate
explains. Prints each that is missing or too many; exit status 1 where there is one.
"""

import re
import sys
from pathlib import Path

from documents import finish  # beside this file

ERRORS = re.compile(r"enum class Errc \{([^}]*)\}")
LIST = re.compile(r"std::span<const Reason> all_(reasons|notes)\(\) \{(.*?)\n\}", re.DOTALL)
CODE = re.compile(r'\{\s*"([a-z-]+)",')


def in_code(root):
    errors = ERRORS.search("\n".join(path.read_text() for path in root.glob("core/**/error.hpp"))).group(1)
    found = {"errors": set(re.findall(r"\w*[a-z_]\w*", errors.replace("= 1", "")))}
    for path in sorted(root.glob("migration/**/*.cpp")):
        for kind, body in LIST.findall(path.read_text(encoding="utf-8")):
            found[kind] = set(CODE.findall(body))
    return found


def in_page(page):
    parts = {title: body for title, body in re.findall(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)", page)}
    return {
        "errors": set(re.findall(r"(?m)^### `(\w+)`", parts["Errors of the library"])),
        "reasons": set(re.findall(r"(?m)^- \*\*`([a-z-]+)`\*\*: ", parts["Refusals of `triune-migrate`"])),
        "notes": set(re.findall(r"(?m)^- \*\*`([a-z-]+)`\*\*: ", parts["Notes of `--zero-copy`"])),
    }


def problems(code, page):
    told = in_page(page)
    for kind, names in code.items():
        for name in sorted(names - told[kind]):
            yield f"{name} of the {kind} has no entry"
        for name in sorted(told[kind] - names):
            yield f"{name} is none of the {kind}"


def main():
    root = Path(sys.argv[1])
    code, page = in_code(root), (root / "docs/troubleshooting.md").read_text(encoding="utf-8")
    assert set(code) == {"errors", "reasons", "notes"} and all(len(each) > 5 for each in code.values()), code
    for name in ("stale_handle", "macro-body", "copy-escapes"):
        assert len(list(problems(code, page.replace(f"`{name}`", "`gone`")))) >= 2, "the check finds nothing"
    found = [f"docs/troubleshooting.md: {each}" for each in problems(code, page)]
    finish(found)


main()
