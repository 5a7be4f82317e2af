#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a build and shows how far it is, in place of its output.

Usage: progress.py [--every SECONDS] LOG COMMAND...
The output goes to LOG. On a terminal one line counts the steps, as Ninja tells them; elsewhere, in a log, a line comes
every so often (30 seconds). Where COMMAND fails, the end of its output follows. The exit status is that of COMMAND.
"""

import os
import re
import subprocess
import sys
import time

STEP = re.compile(r"^\[(\d+)/(\d+)\]")
TOLD_ON_FAILURE = 60


def duration(seconds):
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


class Display:
    """Where the count goes: over itself on a terminal, else as lines of their own, `every` seconds apart."""

    def __init__(self, out, every):
        self.out, self.every = out, every
        self.terminal = out.isatty()
        self.began = self.shown = time.monotonic()
        self.first = True

    def step(self, done, total):
        now = time.monotonic()
        if self.terminal:
            self.out.write(f"\r\033[K  step {done} of {total}, {duration(now - self.began)}")
        elif self.first or now - self.shown >= self.every or done == total:
            self.out.write(f"  step {done} of {total}, {duration(now - self.began)}\n")
            self.shown, self.first = now, False
        self.out.flush()

    def end(self, counted):
        if self.terminal and counted:
            self.out.write("\n")
        elif not counted:
            self.out.write("  nothing to build\n")
        self.out.flush()


def run(log_name, command, display):
    # Ninja's own way to count, whatever the user's environment says; make's output has no count and is only kept.
    environment = dict(os.environ, NINJA_STATUS="[%f/%t] ")
    counted = False
    with open(log_name, "wb") as log:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
        for line in child.stdout:
            log.write(line)
            log.flush()
            match = STEP.match(line.decode(errors="replace"))
            if match:
                counted = True
                display.step(int(match.group(1)), int(match.group(2)))
        return child.wait(), counted


def main(arguments):
    every = 30.0
    if arguments[:1] == ["--every"] and len(arguments) > 1:
        every, arguments = float(arguments[1]), arguments[2:]
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    log_name, command = arguments[0], arguments[1:]
    display = Display(sys.stdout, every)
    try:
        status, counted = run(log_name, command, display)
    except KeyboardInterrupt:  # the command had it too
        return 130
    except OSError as problem:
        print(f"progress.py: {problem}", file=sys.stderr)
        return 127
    display.end(counted or status != 0)
    if status != 0:
        with open(log_name, encoding="utf-8", errors="replace") as log:
            sys.stderr.writelines(log.readlines()[-TOLD_ON_FAILURE:])
        print(f"failed: {' '.join(command)}; all of its output is in {log_name}", file=sys.stderr)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
