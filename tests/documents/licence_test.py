# SPDX-License-Identifier: Apache-2.0
"""Checks that every source file of ours names its licence in its first lines.

Usage: licence_test.py ROOT. The line is `SPDX-License-Identifier: Apache-2.0` in a comment, before all else but a
line that names the interpreter. The frozen originals and the rewriter's cases are left out: their text is what the
tests are about. Prints each file without the line; exit status 1 where there is one.
"""

import sys
import tempfile
from pathlib import Path

from documents import finish  # beside this file

FOLDERS = ("core", "compat", "c", "python", "examples", "migration", "tests", "tools", "cmake")
LEFT_OUT = ("tests/legacy/", "tests/migration/cases/", "tests/migration/corpus/cases/", "tests/migration/corpus/graphviz_server/")
SLASHES = {".hpp", ".cpp", ".h", ".c", ".cu", ".cuh"}
HASHES = {".py", ".sh", ".cmake", ".in"}
LINE = "SPDX-License-Identifier: Apache-2.0"


def comment_sign(path):
    if path.suffix in SLASHES:
        return "//"
    return "#" if path.suffix in HASHES or path.name == "CMakeLists.txt" else None


def sources(root):
    yield root / "CMakeLists.txt"
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).as_posix()
            if path.is_file() and not inside.startswith(LEFT_OUT) and comment_sign(path):
                yield path


def problems(root):
    for path in sources(root):
        lines = path.read_text(encoding="utf-8").splitlines()[:2]
        first = lines[1:] if lines and lines[0].startswith("#!") else lines
        if first[:1] != [f"{comment_sign(path)} {LINE}"]:
            yield f"{path.relative_to(root).as_posix()}: its first line is not `{comment_sign(path)} {LINE}`"


def check_itself():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {
            "CMakeLists.txt": f"# {LINE}\n",
            "core/bare.hpp": "#pragma once\n",
            "core/late.cpp": f"int x;\n// {LINE}\n",
            "core/named.cpp": f"// {LINE}\nint x;\n",
            "tools/bare.py": "#!/usr/bin/env python3\n",
            "tools/named.sh": f"#!/usr/bin/env bash\n# {LINE}\n",
            "tests/legacy/frozen.hpp": "",
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        found = [line.partition(":")[0] for line in problems(root)]
        assert found == ["core/bare.hpp", "core/late.cpp", "tools/bare.py"], found


def main():
    check_itself()
    finish(list(problems(Path(sys.argv[1]))))


main()
