#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Code that was written without knowledge of the rewriter's rules: what is migrated of it may grow and never shrink.

corpus/README.md says what the projects and cases are. The floors below are what is reached; raise them with the tool.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
RECALL_FLOOR = {"graphviz_server": 0.98}
# Cases that do not pass yet. One that passes is an error, so that the list stays true.
KNOWN = set()


def stage(options, folder):
    """The folders of an installed library, of links to the sources."""
    (folder / "bin").mkdir(parents=True)
    (folder / "include").mkdir()
    (folder / "bin" / "triune-migrate").symlink_to(options["--tool"])
    (folder / "include" / "triune").symlink_to(pathlib.Path(options["--new-api"]) / "triune")
    (folder / "include" / "triune-compat").symlink_to(options["--facades"])
    return folder


def run_cases(prefix, work):
    run = subprocess.run([sys.executable, "-B", str(CORPUS / "run_cases.py"), "--stage", str(prefix), "--work", str(work)],
                         capture_output=True, text=True, errors="replace")
    print(run.stdout, run.stderr)
    verdicts = dict(re.findall(r"^(\S+) +rc=.* -> (.*)$", run.stdout, re.M))
    names = {each.name for each in (CORPUS / "cases").iterdir()}
    failing = {name for name in names if verdicts.get(name) != "ok"}
    wrong = [f"{name}: {verdicts.get(name, 'said nothing')}" for name in sorted(failing - KNOWN)]
    wrong += [f"{name}: passes, so KNOWN must not name it" for name in sorted(KNOWN - failing)]
    return wrong


def run_projects(options, prefix, work):
    if "--compat" not in options:
        return []
    shim = work / "shim.o"
    subprocess.run(["c++", "-std=c++20", "-O1", f"-I{options['--new-api']}", "-c", str(CORPUS / "shim.cpp"), "-o", str(shim)],
                   check=True)
    libraries = [options["--compat"], options["--core"], options.get("--runtime", ""), "-ldl", "-lrt", "-lpthread"]
    wrong = []
    for name, floor in RECALL_FLOOR.items():
        run = subprocess.run([sys.executable, "-B", str(CORPUS / "run.py"), "--tool", str(options["--tool"]), "--triune-include",
                              str(prefix / "include" / "triune-compat"), str(prefix / "include"), "--triune-link",
                              " ".join(libraries), "--shim", str(shim), "--skip-usage", "--project", name,
                              "--min-recall", str(floor)], capture_output=True, text=True, errors="replace")
        print(run.stdout, run.stderr)
        if run.returncode != 0:
            wrong.append(f"{name}: see the table above")
    return wrong


def main():
    options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    with tempfile.TemporaryDirectory(prefix="corpus.") as temp:
        work = pathlib.Path(temp).resolve()
        prefix = stage(options, work / "stage")
        wrong = run_projects(options, prefix, work) + run_cases(prefix, work / "cases")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
