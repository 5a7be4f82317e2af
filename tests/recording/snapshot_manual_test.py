# SPDX-License-Identifier: Apache-2.0
"""The manual page of triune-snapshot and what shells complete with: all that --help names, read by the shells themselves.

Usage: snapshot_manual_test.py ROOT
"""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop())
TOOL = ROOT / "tools/snapshot/triune-snapshot"


def tool(*arguments):
    done = subprocess.run([sys.executable, "-B", str(TOOL), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


COMMANDS = re.findall(r"^    (\w+) +\w", tool("--help"), re.MULTILINE)
OPTIONS = {command: set(re.findall(r"--\w+", tool(command, "--help"))) for command in COMMANDS}


class Manual(unittest.TestCase):
    def test_it_names_every_command_and_option(self):
        self.assertEqual(COMMANDS, ["print", "top", "diff", "convert", "page", "check"])
        text = tool("--man").replace(r"\-", "-")
        for command, options in OPTIONS.items():
            section = text.split(f"\n.SS {command}\n")[1].split("\n.S")[0]
            for option in options:
                self.assertIn(option, section)
        for option in re.findall(r"--\w+", tool("--help")):
            self.assertIn(option, text.split("\n.SH OPTIONS\n")[1])

    @unittest.skipUnless(shutil.which("groff"), "no groff here")
    def test_it_is_set_without_a_warning(self):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=tool("--man"), capture_output=True, text=True)
        self.assertEqual(done.stderr, "")


class Completion(unittest.TestCase):
    def bash(self, *words):
        line = " ".join(f"'{word}'" for word in words)
        script = f"{tool('--completion', 'bash')}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}\n" \
                 '_triune_snapshot; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, cwd=ROOT / "docs/schemas")
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_commands_options_values_and_files(self):
        self.assertEqual(self.bash("triune-snapshot", "p"), ["print", "page"])
        self.assertEqual(set(self.bash("triune-snapshot", "convert", "--")), OPTIONS["convert"])
        self.assertEqual(self.bash("triune-snapshot", "convert", "--to", ""), ["rmm", "chrome", "pytorch"])
        self.assertEqual(self.bash("triune-snapshot", "print", "memory"), ["memory-snapshot.json"])

    def test_zsh_and_fish_know_every_command_and_option(self):
        zsh, fish = tool("--completion", "zsh"), tool("--completion", "fish")
        for command, options in OPTIONS.items():
            arguments = zsh.split(f"\n    {command})\n")[1].split(";;")[0]
            told = "\n".join(line for line in fish.splitlines() if f"from {command}'" in line)
            self.assertIn(f" -a {command} ", fish)
            for option in options:
                self.assertIn(f"'{option}[", arguments)
                self.assertIn(f" -l {option[2:]} ", told)

    def test_zsh_and_fish_read_it(self):
        for shell in ("zsh", "fish"):
            if shutil.which(shell):
                done = subprocess.run([shell, "-n"], input=tool("--completion", shell), capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
