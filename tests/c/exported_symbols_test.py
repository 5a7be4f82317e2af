# SPDX-License-Identifier: Apache-2.0
"""Checks that the C library shows the functions of its header, each with its version, and nothing else.

Usage: exported_symbols_test.py HEADER LIBRARY VERSION. Prints each that is missing or too many; exit status 1 then.
"""

import re
import subprocess
import sys
from pathlib import Path

FUNCTION = re.compile(r"^[\w *]+?\b(triune_\w+)\(", re.MULTILINE)
SYMBOL = re.compile(r" [A-TV-Z] (\S+)$", re.MULTILINE)


def problems(header, listing, version):
    declared = set(FUNCTION.findall(re.sub(r"//[^\n]*", "", header)))
    shown = set(SYMBOL.findall(listing)) - {version}
    assert len(declared) > 50, f"only {len(declared)} functions were found: the check reads too little"
    for name in sorted(declared):
        if f"{name}@@{version}" not in shown:
            yield f"{name} is declared, and the library does not show it as {version}"
    for symbol in sorted(shown):
        if symbol.partition("@")[0] not in declared:
            yield f"{symbol} is shown, and the header has no such function"


def main():
    header, library, version = sys.argv[1:]
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    text = Path(header).read_text(encoding="utf-8")
    found = list(problems(text, listing, version))
    print(*found, sep="\n", end="\n" if found else "")
    # The check itself can fail: a function without a symbol, and a symbol without a function.
    assert any("triune_new" in each for each in problems(text + "int triune_new(void);\n", listing, version))
    assert any("_ZN6triune" in each for each in problems(text, listing + "\n0 T _ZN6triune4EventC1Ev@@X\n", version))
    sys.exit(1 if found else 0)


main()
