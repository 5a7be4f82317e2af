# SPDX-License-Identifier: Apache-2.0
"""Makes the reference of every public name with Doxygen, and takes each warning for an error.

Usage: reference_test.py ROOT. The headers are those of api_test.py. A member may do without a sentence where its name says
enough, a class may not. Exit status 1 where Doxygen warns, 77 where it is not here.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from api_test import public_headers  # beside this file
from documents import finish  # likewise

SILENT_MEMBER = ("warning: Member ", " is not documented.")


def warnings(root, headers):
    with tempfile.TemporaryDirectory() as folder:
        settings = (root / "docs/Doxyfile").read_text() + f"\nOUTPUT_DIRECTORY = {folder}\nINPUT = {' '.join(map(str, headers))}\n"
        done = subprocess.run(["doxygen", "-"], input=settings, cwd=root, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"doxygen ended with {done.returncode}:\n{done.stderr}")
        pages = len(list(Path(folder).glob("html/*.html")))
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return pages, [line for line in said if not (SILENT_MEMBER[0] in line and SILENT_MEMBER[1] in line)]


def check_itself(root):
    with tempfile.TemporaryDirectory() as folder:
        header = Path(folder) / "silent.hpp"
        header.write_text("namespace triune {\n\nclass Silent {\n  public:\n    void run();\n};\n\n"
                          "// Loud \\gone\nclass Loud {};\n\n}\n")
        _, found = warnings(root, [header])
    assert any("Silent is not documented" in line for line in found), found
    assert any("unknown command" in line for line in found), found


def main():
    root = Path(sys.argv[1]).resolve()
    if shutil.which("doxygen") is None:
        print("skipped: doxygen is not here")
        sys.exit(77)
    check_itself(root)
    pages, found = warnings(root, [root / "core" / header for header in public_headers(root)])
    assert pages > 100, f"only {pages} pages were made: the check reads too little"
    finish(found)


main()
