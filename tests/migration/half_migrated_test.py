#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The legacy application, migrated folder by folder: it works on the way, and ends in the text of one run."""
import difflib
import sys
import tempfile

from legacy_application import FOLDERS, Application
from workspace import arguments, check

STEPS = ("layout", "device")


def whole(given):
    with tempfile.TemporaryDirectory() as folder:
        application = Application(given, folder)
        result, report = application.run("--fix", "--no-verify")
        check(result.returncode == 0 and report["totals"]["sites"] == report["totals"]["migrated"], result.stderr)
        return application.texts()


def step_by_step(given, wanted):
    with tempfile.TemporaryDirectory() as folder:
        application = Application(given, folder)
        before = application.texts()
        waited = False
        for step in STEPS:
            result, report = application.run("--fix", "--no-verify", step)
            check(result.returncode in (0, 1), f"{step}: exit {result.returncode}\n{result.stderr}")
            check(application.texts() not in (before, wanted), f"{step}: nothing was migrated, or all")
            waited = waited or any(site["reason"] == "not-selected" for site in report["sites"])
            if step == STEPS[0] and given.application:
                check(application.run_program(complete=False) == application.run_legacy(), f"after {step} another picture is drawn")
        check(waited, "nothing had to wait for another folder")
        # What had to stay because another folder was not asked for is gone over again.
        result, report = application.run("--fix", "--no-verify", *FOLDERS)
        check(result.returncode == 0, result.stderr)
        now = application.texts()
        for name, text in wanted.items():
            difference = difflib.unified_diff(text.splitlines(), now[name].splitlines(), name, "folder by folder", lineterm="")
            check(now[name] == text, "\n".join(difference))


def main():
    given = arguments()
    step_by_step(given, whole(given))


if __name__ == "__main__":
    sys.exit(main())
