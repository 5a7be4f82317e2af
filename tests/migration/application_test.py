#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Migrates a copy of the legacy application: every site goes, the result needs the new interface alone, and draws the same."""
import sys
import tempfile

from legacy_application import Application
from program import MODULE_HEADERS
from workspace import arguments, check


def main():
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        application = Application(given, folder)
        result, report = application.run("--fix")
        check(report is not None, result.stderr)
        left = [site for site in report["sites"] if site["state"] != "migrated"]
        check(not left and result.returncode == 0, f"exit {result.returncode}\n{result.stderr}\n{left}")
        check(report["totals"]["sites"] > 150, f"too few sites: {report['totals']}")
        print(report["totals"], report["units"])

        again, second = application.run("--fix")
        check(again.returncode == 0 and second["totals"]["sites"] == 0, f"second run: {again.stderr}")
        for name, text in application.texts().items():
            check(not any(header in text for header in MODULE_HEADERS), f"{name} includes a legacy module header")
        if given.application:
            check(application.run_program(complete=True) == application.run_legacy(), "the migrated program draws something else")


if __name__ == "__main__":
    sys.exit(main())
