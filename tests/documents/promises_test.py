# SPDX-License-Identifier: Apache-2.0
"""Checks that every test that docs/promises.md names is there.

Usage: promises_test.py ROOT. A test is written `suite/case`, or `suite` for all cases of one; both must be declared in
tests/. Prints each name that is not; exit status 1 where there is one, or where an entry names no test.
"""

import re
import sys
from pathlib import Path

from documents import entries, finish  # beside this file

SUITE = re.compile(r"(?:BOOST_(?:AUTO|FIXTURE)_TEST_SUITE|CONTRACT_SUITE)\((\w+)")
CASE = re.compile(r"(?:BOOST_(?:AUTO|FIXTURE)_TEST_CASE|CONTRACT_TEST)\(\s*(\w+)")
SCRIPT = re.compile(r"`((?:tests|python|examples)/[\w/.]+)`")
NAMED = re.compile(r"`(\w+(?:/\w+)?)`")


def declared(root):
    suites = {}
    for source in sorted(root.glob("tests/**/*_test.c*")):
        text = source.read_text()
        suite = SUITE.search(text)
        if suite:
            suites.setdefault(suite.group(1), set()).update(CASE.findall(text))
    return suites


def problems(text, suites, root):
    for number, entry in entries(text):
        tests = entry.partition(" Shown by ")[2]
        names = NAMED.findall(tests)
        scripts = SCRIPT.findall(tests)
        if not names and not scripts:
            yield f"docs/promises.md:{number}: names no test"
        for script in scripts:
            if not (root / script).exists():
                yield f"docs/promises.md:{number}: there is no {script}"
        for name in names:
            suite, _, case = name.partition("/")
            if suite not in suites or (case and case not in suites[suite]):
                yield f"docs/promises.md:{number}: there is no test {name}"


def main():
    root = Path(sys.argv[1])
    suites = declared(root)
    found = list(problems((root / "docs/promises.md").read_text(), suites, root))
    # The check itself can fail: a name that is nowhere, and an entry without a test.
    assert len(list(problems("- x.\n  Shown by `no_suite/no_case`.\n- y.", suites, root))) == 2, "the check finds too little"
    finish(found)


main()
