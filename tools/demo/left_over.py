#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says which sites of a report stay, by reason, the first places of each beside it.

  left_over.py REPORT.json
"""
import collections
import json
import sys

SHOWN = 3


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        report = json.load(stream)
    places = collections.defaultdict(list)
    for site in report["sites"]:
        if site["state"] != "migrated":
            places[site["reason"]].append(f"{site['file']}:{site['line']}:{site['column']}")
    if not places:
        print("  No legacy site is left.")
    for reason, found in sorted(places.items(), key=lambda each: (-len(each[1]), each[0])):
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        print(f"  {len(found):5} sites stay, {reason}: {', '.join(found[:SHOWN])}{more}")
    if report["units"]["failed"]:
        print(f"  {report['units']['failed']} units do not parse, or only in part; what they alone use is not migrated.")


if __name__ == "__main__":
    main()
