# SPDX-License-Identifier: Apache-2.0
"""The mutants: edits of the library's text that its tests must notice. Read from the tables in mutants/."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "mutants"
# The programs that must notice a mutant, by its table.
SUITES = {
    "alloc": ["triune_alloc_tests"],
    "manage": ["triune_manage_tests"],
    "graph": ["triune_graph_tests"],
    "track": ["triune_track_tests", "triune_manage_tests", "triune_host_tests"],
    "device": ["triune_device_tests", "triune_contract_tests"],
}


class Unfit(Exception):
    """A table that cannot be read, or a text that is not there just once."""


@dataclass
class Mutant:
    table: str
    name: str
    file: str = ""
    old: list = field(default_factory=list)
    new: list = field(default_factory=list)

    @property
    def suites(self):
        return SUITES[self.table]

    def applied(self, text):
        """The file's text with the edit. Blanks and ends of lines count alike: layout may change."""
        words = " ".join(self.old).split()
        found = list(re.finditer(r"\s+".join(map(re.escape, words)), text))
        if len(found) != 1:
            raise Unfit(f"{self.table}/{self.name}: its old text is in {self.file} {len(found)} times, not once")
        return text[: found[0].start()] + "\n".join(self.new).strip() + text[found[0].end() :]


def read(folder=FOLDER):
    mutants = []
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.startswith("== "):
                mutants.append(Mutant(path.stem, line[3:].strip()))
            elif line.startswith("file "):
                mutants[-1].file = line[5:].strip()
            elif line.startswith("- "):
                mutants[-1].old.append(line[2:])
            elif line.startswith("+ "):
                mutants[-1].new.append(line[2:])
            elif line.strip() and not line.startswith("#"):
                raise Unfit(f"{path.name}:{number}: '{line}' is neither ==, file, - nor +")
    return mutants


def check(root, mutants):
    """What is wrong with the mutants for the tree at `root`, a sentence each."""
    wrong = []
    names = [(mutant.table, mutant.name) for mutant in mutants]
    wrong += [f"{table}/{name} is there twice" for table, name in set(names) if names.count((table, name)) > 1]
    for mutant in mutants:
        path = Path(root) / mutant.file
        if not mutant.file or not path.is_file():
            wrong.append(f"{mutant.table}/{mutant.name}: there is no file '{mutant.file}'")
            continue
        text = path.read_text()
        try:
            if mutant.applied(text) == text:
                wrong.append(f"{mutant.table}/{mutant.name} changes nothing")
        except Unfit as unfit:
            wrong.append(str(unfit))
    return wrong
