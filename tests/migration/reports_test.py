#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The files that a run leaves behind: JSON, SARIF, HTML, history and exported fixes say the same, in their own schemas."""
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from reported import FILES, Page, in_project, run
from workspace import Project, arguments, check


@in_project
def one_run_writes_every_report_that_is_asked_for(project):
    result = run(project, "--report=a.json", "--report=a.sarif", "--report=a.html", "--history=h", "--report=b.json")
    check(result.returncode == 1, result.stderr)
    check((project.source / "a.json").read_text() == (project.source / "b.json").read_text(), "two reports of one run differ")
    for name in ("a.sarif", "a.html", "h"):
        check((project.source / name).stat().st_size > 0, name)


@in_project
def the_json_report_has_its_schema_and_its_sums(project):
    run(project, "--report=a.json")
    report = json.loads((project.source / "a.json").read_text())
    check(list(report) == ["version", "sites", "holding", "totals", "units"] and report["version"] == 1, str(list(report)))
    for site in report["sites"]:
        waits = ["waits_for"] if site["reason"] == "group" else []
        check(list(site) == ["file", "line", "column", "module", "symbol", "state", "rule", "reason", *waits], str(site))
        line = FILES[site["file"]].splitlines()[site["line"] - 1].encode()
        name = site["symbol"].rsplit("::", 1)[-1].encode()
        check(line[site["column"] - 1:].lstrip(b'"').startswith(name), f"{site} is not at its place")
    for held in report["holding"]:
        check(held["followers"] > 0 and held["what_to_do"] and held["text"] in FILES[held["file"]].splitlines(), str(held))
    check(report["holding"], "nothing is said to hold the include back")
    totals = report["totals"]
    check(totals["sites"] == len(report["sites"]) == totals["migrated"] + totals["blocked"] + totals["unseen"], str(totals))
    check(totals["unseen"] == 1 and totals["blocked"] >= 1, str(totals))
    check(report["units"] == {"parsed": 2, "skipped": 0, "failed": 0}, str(report["units"]))


@in_project
def sarif_has_what_its_schema_requires(project):
    run(project, "--report=a.sarif", "--report=a.json")
    log = json.loads((project.source / "a.sarif").read_text())
    sites = json.loads((project.source / "a.json").read_text())["sites"]
    check(log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json"), str(log.keys()))
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    check(only["tool"]["driver"]["name"] == "triune-migrate", str(only["tool"]))
    listed = subprocess.run([project.given.tool, "--list-rules"], capture_output=True, text=True).stdout
    check([rule["id"] for rule in rules] == re.findall(r"^(TRIUNE\d+)", listed, re.M), "the rules are not the tool's")
    guide = (pathlib.Path(project.given.root) / "docs" / "migration-guide.md").read_text()
    for rule in rules:
        check(f'<a id="{rule["id"]}">' in guide, f"{rule['id']} is no anchor of the guide")
        check(rule["shortDescription"]["text"] and rule["fullDescription"]["text"], str(rule))
    check(len(only["results"]) == len(sites), "a result a site")
    for result, site in zip(only["results"], sites):
        check(rules[result["ruleIndex"]]["id"] == result["ruleId"] == site["rule"], str(result))
        check(result["message"]["text"] and result["level"] in ("note", "warning"), str(result))
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        check(place["physicalLocation"]["artifactLocation"]["uri"] == site["file"], str(place))
        text = FILES[site["file"]].splitlines()[region["startLine"] - 1]
        name = text[region["startColumn"] - 1:region["endColumn"] - 1].strip('"')
        check(site["symbol"].endswith(name) and name, f"{region} names '{name}', not {site['symbol']}")


def notes_of_views_and_copies_are_in_every_report(given):
    source = '''#include "utils/unified_gpu_compute.hpp"
float first(utils::UnifiedGPUCompute& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    return x[0];
}
std::size_t kept(utils::UnifiedGPUCompute& layout) { return std::get<0>(layout.get_node_positions()).size(); }
'''
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, {"a.cpp": source})
        project.database(["a.cpp"])
        plain = run(project, "--report=plain.html", "--report=plain.sarif")
        result = run(project, "--zero-copy", "--report=a.json", "--report=a.sarif", "--report=a.html")
        check(plain.returncode == result.returncode == 1, plain.stderr + result.stderr)
        notes = [site.get("note") for site in json.loads((project.source / "a.json").read_text())["sites"]]
        check({"view", "copy-blocking"} <= set(notes), str(notes))
        (log,) = json.loads((project.source / "a.sarif").read_text())["runs"]
        check([each["properties"].get("note") for each in log["results"]] == notes, "SARIF has other notes")
        for each, note in zip(log["results"], notes):
            check(note is None or f"--explain {note}" in each["message"]["text"], str(each["message"]))
        text = (project.source / "a.html").read_text()
        page = Page(text)
        check("Views and copies" in page.text and page.text.count("copy-blocking") == 2, "HTML: the table or the site's note")
        told = subprocess.run([given.tool, "--explain", "copy-blocking"], capture_output=True, text=True).stdout
        explanation = told.split("\n\n", 1)[1].split("\n\nWhat to do: ")[0].strip()
        check(f"copy-blocking {explanation}" in page.text, f"the page does not say what --explain says: {told}")
        for name in ("plain.html", "plain.sarif"):
            check("copy-blocking" not in (project.source / name).read_text(), f"{name}: notes that nobody asked for")


@in_project
def every_run_adds_a_line_to_the_history(project):
    run(project, "--status", "--history=h")
    run(project, "--fix", "--history=h")
    lines = [json.loads(line) for line in (project.source / "h").read_text().splitlines()]
    check(len(lines) == 2 and lines[0]["left"] > lines[1]["left"] > 0, str(lines))
    check(lines[0]["time"] == "2023-11-14T22:13:20Z", str(lines[0]))
    check(sum(lines[1]["modules"].values()) == lines[1]["left"], str(lines[1]))


def with_sorted_includes(text):
    blocks = itertools.groupby(text.splitlines(), key=lambda line: line.startswith("#include"))
    return [line for includes, lines in blocks for line in (sorted(lines) if includes else lines)]


@in_project
def exported_fixes_are_what_fix_writes(project):
    fixes = project.build / "fixes"
    fixes.mkdir()
    run(project, f"--export-fixes={fixes / 'all.yaml'}")
    check({name: project.text(name) for name in FILES} == FILES, "exporting wrote to a source")
    text = (fixes / "all.yaml").read_text()
    check(text.startswith("---\nMainSourceFile:") and "Replacements:" in text and "ReplacementText:" in text, text)
    run(project, "--fix")
    fixed = {name: project.text(name) for name in FILES}
    run(project, "--undo")
    applier = next(filter(None, map(shutil.which, ("clang-apply-replacements-19", "clang-apply-replacements"))), None)
    if applier is None:
        return
    applied = subprocess.run([applier, str(fixes)], capture_output=True, text=True)
    check(applied.returncode == 0, applied.stderr)
    # Version 14 sorts the lines of a block of includes that it changes.
    for name in FILES:
        check(with_sorted_includes(project.text(name)) == with_sorted_includes(fixed[name]),
              f"the exported fixes give another text: {project.text(name)}")


def main():
    given = arguments()
    for test in (one_run_writes_every_report_that_is_asked_for, the_json_report_has_its_schema_and_its_sums,
                 sarif_has_what_its_schema_requires, notes_of_views_and_copies_are_in_every_report,
                 every_run_adds_a_line_to_the_history, exported_fixes_are_what_fix_writes):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
