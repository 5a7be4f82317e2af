#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the clients of programs made of the same object files and compares what they print.

Usage: compare_clients.py --legacy PROGRAM... --triune PROGRAM... [--replace LIBRARY LEGACY_NAME] [--client NAME...]

Every program must print what the first legacy one prints. Lines "mended | what | seen | legacy | now" must show the old fact
where the legacy library is linked and the new one elsewhere; "logs | words" asks for a line on stderr with all the words.
--replace puts LIBRARY in the place of the shared library LEGACY_NAME of the legacy programs that use it, found first under
its name, and preloaded. The devices are those of the environment. Prints a table; exit status 1 where anything differs.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 120


class Contestant:
    """One way to run the clients: a program and what its environment adds."""

    def __init__(self, program, facades, added=None):
        self.program, self.facades, self.added = program, facades, added or {}
        self.name = pathlib.Path(program).name + "".join(" " + key.removeprefix("LD_").lower() for key in self.added)

    def run(self, *arguments, **more):
        return subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False,
                              env={**os.environ, **self.added, **more})


def problems(contestant, client):
    """Runs a client: its comparable lines, how many facts were mended, and what is wrong with it by itself."""
    finished = contestant.run(client)
    lines, wrong, facts = [], [], 0
    if finished.returncode != 0 or not finished.stdout.endswith("\ndone\n"):
        wrong.append(f"exit status {finished.returncode}\n{finished.stdout}{finished.stderr}")
    for line in finished.stdout.splitlines():
        parts = [part.strip() for part in line.split(" | ")]
        if parts[0] == "mended":
            _, what, seen, legacy, now = parts
            expected = now if contestant.facades else legacy
            facts += 1
            lines.append(f"mended | {what} | {legacy} | {now}")
            if seen != expected:
                wrong.append(f"{what}: {seen} instead of {expected}")
        elif parts[0] == "logs":
            if not any(all(word in said for word in parts[1].split()) for said in finished.stderr.splitlines()):
                wrong.append(f"no line on stderr has '{parts[1]}':\n{finished.stderr}")
            lines.append(line)
        else:
            lines.append(line)
    return lines, facts, wrong


def replaced(programs, library, legacy_name, folder):
    """The legacy programs that use the shared library, with the facades in its place."""
    os.symlink(pathlib.Path(library).resolve(), pathlib.Path(folder) / legacy_name)
    for program in programs:
        for added in ({"LD_LIBRARY_PATH": str(folder)}, {"LD_PRELOAD": str(pathlib.Path(library).resolve())}):
            contestant = Contestant(program, True, added)
            # An unknown device is refused by the replacement alone: so it is the one that answers.
            if contestant.run("nothing", TRIUNE_DEVICE="none").returncode == 0:
                sys.exit(f"{contestant.name}: the legacy library still answers")
            yield contestant


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--legacy", nargs="+", required=True)
    parser.add_argument("--triune", nargs="*", default=[])
    parser.add_argument("--replace", nargs=2, metavar=("LIBRARY", "LEGACY_NAME"))
    parser.add_argument("--client", nargs="*")
    given = parser.parse_args()
    contestants = [Contestant(program, False) for program in given.legacy]
    contestants += [Contestant(program, True) for program in given.triune]
    with tempfile.TemporaryDirectory() as folder:
        if given.replace:
            contestants += replaced(given.legacy, *given.replace, folder)
        clients = given.client or contestants[0].run("--list").stdout.split()
        if not clients or len(contestants) < 2:
            sys.exit("nothing to compare")
        failed = False
        print(f"{'client':<20} {'lines':>5} {'mended':>6}  " + ", ".join(each.name for each in contestants))
        for client in clients:
            expected, facts, _ = problems(contestants[0], client)
            verdicts = []
            for contestant in contestants:
                lines, _, wrong = problems(contestant, client)
                if lines != expected:
                    wrong.append("printed\n" + "\n".join(lines) + "\n--- and not\n" + "\n".join(expected))
                verdicts.append("as expected" if not wrong else "DIFFERS")
                for text in wrong:
                    failed = True
                    print(f"{contestant.name}, {client}: {text}", file=sys.stderr)
            same = set(verdicts) == {"as expected"}
            print(f"{client:<20} {len(expected):>5} {facts:>6}  " + ("as expected" if same else ", ".join(verdicts)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
