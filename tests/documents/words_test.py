# SPDX-License-Identifier: Apache-2.0
"""Checks that the library and its documents use the words of docs/glossary.md, and none of those that they replaced;
and that no source at all has the names that were replaced.

Usage: words_test.py ROOT. Prints each old word as FILE:LINE: WORD, and the new one; exit status 1 where there is one.
"""

import re
import sys
import tempfile
from pathlib import Path

from documents import finish  # beside this file

# What must not stand there, and the glossary's word for it.
OLD = {
    r"\b(Slab|RangeState|RangeStack)\w*\b": "Segment, SpanState, SpanStack",
    r"\b(Pool|Pooled)?Arenas?(Pool)?\b": "GrowableMapping, AliasMappings",
    r"\b(PoolMemory|Zone|RecordStore|WaitingRanges|WaitingStream|RetiredPlaces?|SeatedChunk|IdleChunks)\b":
        "PageHeap, HeapKind, SpanStore, PendingFrees, PendingStream, PendingUnmaps, PoolChunk, FreeChunks",
    r"\b(Surplus|OwnerMutex|OtherLock|BookLock|relieve)\b": "SpanBatch, BiasedMutex, AccountingLock, flush_excess",
    r"\b(take|obtain|settle)(_\w+)?\(": "acquire",
    r"\b(give_back|put_back|drain)(_\w+)?\(": "release, or trim where the device gets it",
    r"\b(?!own_)[a-z]+_part\b": "*_divisor",
    r"\b(arena|slab|seat|surplus)(es|s)?\b": "growable mapping, segment, active mapping, batch",
    r"(?<!in )(?<!in_)\bflights?\b": "download in flight",
    r"\bbooks?\b": "registry, accounting",
    r"\bsen[dt]s? home\b|\bat home\b": "restore, primary mapping",
    r"\bzeroed ahead\b": "pre-zeroed",
}
# What no source names so, the rewriter's, the tests' and the tools' among them.
OLD_NAMES = {r"\bmost_\w+": "max_*"}
# Words of others, and names of test cases.
ALLOWED = r"rmm('s)? arena|(pool, |global )arena|arena resource|arena of a thread|allocation arenas|`\w+/\w+`"
SOURCES = {".hpp", ".cpp", ".cu"}


def texts(root):
    """Each text and the words that must not stand in it."""
    for folder in ("core", "compat", "c", "migration", "tests", "tools"):
        library = folder in ("core", "compat", "c")
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SOURCES:
                yield path, {**OLD, **OLD_NAMES} if library else OLD_NAMES
    for path in (root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))):
        if path.exists():
            yield path, {**OLD, **OLD_NAMES}


def problems(root):
    for path, words in texts(root):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            line = re.sub(ALLOWED, "", line)
            for old, new in words.items():
                if found := re.search(old, line):
                    yield f"{path.relative_to(root).as_posix()}:{number}: '{found.group(0)}'; the glossary has {new}"


def check_itself():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {
            "core/old.hpp": "std::size_t most_bytes;\n",
            "core/new.hpp": "std::size_t max_bytes;  // of a download in flight\n",
            "compat/old.cpp": "// The flight\n",
            "tools/bench/old.cpp": "int most_bytes;\n",
            "tools/bench/new.cpp": "int max_bytes;  // of an arena\n",
            "docs/old.md": "the books\n",
            "docs/new.md": "rmm's arena; `suite/a_flight_lands`\n",
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        found = [line.partition(":")[0] for line in problems(root)]
        assert found == ["core/old.hpp", "compat/old.cpp", "tools/bench/old.cpp", "docs/old.md"], found


def main():
    check_itself()
    finish(list(problems(Path(sys.argv[1]))))


main()
