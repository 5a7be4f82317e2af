# SPDX-License-Identifier: Apache-2.0
"""Programs of one mutant each, beside a build that stays as it is: so many mutants are judged at once."""

import json
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Compilation:
    source: Path
    object: Path
    arguments: list


class Broken(Exception):
    """The mutant does not compile."""


class Build:
    """A configured and finished Ninja build: how each object and each program of it is made."""

    def __init__(self, tree, folder):
        self.tree = tree.resolve()
        self.folder = folder.resolve()
        self.compilations = {}
        for entry in json.loads(self._ninja("-t", "compdb")):
            arguments = shlex.split(entry["command"])
            if "-c" in arguments and "-o" in arguments:
                made = Path(arguments[arguments.index("-o") + 1])
                self.compilations[made] = Compilation(Path(entry["file"]).resolve(), made, arguments)
        self.objects_of = {}  # by what they are compiled from
        made = None
        for line in self._ninja("-t", "deps").splitlines():
            if line and not line.startswith(" "):
                made = Path(line.split(":", 1)[0])
            elif line.strip() and made in self.compilations:
                self.objects_of.setdefault((self.folder / line.strip()).resolve(), []).append(made)
        for each in self.compilations.values():
            self.objects_of.setdefault(each.source, []).append(each.object)

    def _ninja(self, *arguments):
        return subprocess.run(["ninja", "-C", str(self.folder), *arguments], check=True, capture_output=True,
                              text=True).stdout.removeprefix(f"ninja: Entering directory `{self.folder}'\n")

    def link_arguments(self, program):
        command = self._ninja("-t", "commands", "-s", program).strip().splitlines()[-1]
        return [each for each in shlex.split(command) if each not in (":", "&&")]

    def program(self, suite):
        """Its path below the build's folder."""
        return next(str(path.relative_to(self.folder)) for path in self.folder.rglob(suite)
                    if path.is_file() and "lanes" not in path.parts and path.stat().st_mode & 0o100)


class Lane:
    """The programs of one mutant: `file` of the tree has other text, all else is the build's."""

    def __init__(self, build, name, file, text):
        self.build, self.file = build, file
        self.folder = build.folder / "lanes" / name
        self.overlay = self.folder / "tree"
        self.objects = {}  # of the mutant, by what they stand for
        written = self.overlay / file
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(text)

    def make(self, suite):
        """The suite's program. Throws Broken."""
        program = self.build.program(suite)
        arguments = self.build.link_arguments(program)
        for made in self.build.objects_of.get(self.build.tree / self.file, []):
            # What the library is of stands in its archive, and what comes before the archive goes before it.
            if made not in self.objects and (made.parts[0] == "core" or str(made) in arguments):
                self.objects[made] = self._compile(made)
        own = [str(at) for made, at in self.objects.items() if made.parts[0] == "core" or str(made) in arguments]
        kept = [each for each in arguments if Path(each) not in self.objects]
        place = kept.index("-o")
        linked = self.folder / program
        linked.parent.mkdir(parents=True, exist_ok=True)
        self._link_neighbours(program)
        linked.unlink(missing_ok=True)  # it may be a link to the build's, as the neighbour of a suite before
        kept[place + 1] = str(linked)
        subprocess.run(kept[:place] + own + kept[place:], cwd=self.build.folder, check=True, capture_output=True,
                       text=True)
        return linked

    def _link_neighbours(self, program):
        """Some suites start programs that lie beside them."""
        for beside in (self.build.folder / program).parent.iterdir():
            link = (self.folder / program).parent / beside.name
            if beside.is_file() and beside.name != Path(program).name and not link.exists():
                link.symlink_to(beside)

    def _compile(self, made):
        each = self.build.compilations[made]
        at = self.folder / "objects" / made
        at.parent.mkdir(parents=True, exist_ok=True)
        arguments = list(each.arguments)
        arguments[arguments.index("-o") + 1] = str(at)
        for option in ("-MF", "-MT"):
            if option in arguments:
                arguments[arguments.index(option) + 1] = f"{at}.d"
        front = [f"-I{self.overlay / 'core'}"]
        if each.source == self.build.tree / self.file:
            arguments[arguments.index("-c") + 1] = str(self.overlay / self.file)
            front.append(f"-I{each.source.parent}")  # what it includes in quotes
        compiler = next(at for at, word in enumerate(arguments)
                        if Path(word).name.startswith(("c++", "g++", "clang++")))
        arguments[compiler + 1 : compiler + 1] = front
        compiled = subprocess.run(arguments, cwd=self.build.folder, capture_output=True, text=True)
        if compiled.returncode != 0:
            raise Broken(compiled.stderr[:400])
        return at
