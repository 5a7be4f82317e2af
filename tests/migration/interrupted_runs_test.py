#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--fix and --undo, killed at every call that changes the disk: no file is ever half-written, and undo restores all."""
import os
import pathlib
import subprocess
import sys
import tempfile

from workspace import Project, arguments, check

SOURCE = '#include "utils/gpu_memory.hpp"\nstd::size_t NAME() { return utils::check_gpu_memory_leaks().size(); }\n'
# What is killed is the writing; the parse is repeated a hundred times, so its header is this small.
HEADER = "#include <cstddef>\nnamespace utils {\nstruct Leaks {\n    std::size_t size() const;\n};\nLeaks check_gpu_memory_leaks();\n}\n"
FILES = {f"{name}.cpp": SOURCE.replace("NAME", name) for name in ("first", "second")}


def preloaded(folder):
    library = pathlib.Path(folder) / "kill_at_call.so"
    source = pathlib.Path(__file__).parent / "kill_at_call.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def run(project, library, at, *options):
    # Without workers of its own the tool makes few calls; -j1 keeps their order the same.
    environment = dict(os.environ, LD_PRELOAD=str(library), KILL_AT=str(at))
    command = [project.given.tool, "-p", str(project.build), f"--triune-include={project.given.new_api}", "--no-verify",
               "-j1", "--quiet", *options]
    return subprocess.run(command, cwd=project.source, env=environment, capture_output=True, text=True).returncode


def texts(project):
    return {name: project.text(name) for name in FILES}


def main():
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        library = preloaded(folder)
        given.legacy = f"{folder}/legacy"
        (pathlib.Path(given.legacy) / "utils").mkdir(parents=True)
        (pathlib.Path(given.legacy) / "utils" / "gpu_memory.hpp").write_text(HEADER)
        project = Project(given, folder, FILES)
        project.database(list(FILES))
        check(run(project, library, 0, "--fix") == 0, "the run that is not killed fails")
        after = texts(project)
        check(all(after[name] != FILES[name] for name in FILES), "nothing was migrated")
        check(run(project, library, 0, "--undo") == 0 and texts(project) == FILES, "undo does not restore")

        seen = set()
        for begun in ("--fix", "--undo"):
            at = 0
            while True:
                at += 1
                if begun == "--undo":
                    check(run(project, library, 0, "--fix") == 0, "the run before an undo fails")
                ended = run(project, library, at, begun)
                now = texts(project)
                for name in FILES:
                    check(now[name] in (FILES[name], after[name]), f"{begun} killed at call {at} left {name}:\n{now[name]}")
                seen.add(sum(now[name] == after[name] for name in FILES))
                if begun == "--fix":
                    # The next run takes the killed one back by itself before it writes.
                    if at % 3 == 0:
                        again = run(project, library, 0, "--fix")
                        check(again == 0 and texts(project) == after, f"call {at}: no recovery, exit {again}")
                undone = run(project, library, 0, "--undo")
                check(undone in (0, 3) and texts(project) == FILES, f"{begun} killed at call {at}: undo exits {undone}")
                left = [path.name for path in project.source.iterdir() if path.name not in FILES]
                for name in left:  # a temporary file of a killed process; never a source
                    check(".migrate-" in name, f"unexpected file {name}")
                    (project.source / name).unlink()
                if ended >= 0:
                    break
            check(at > 10, f"{begun}: only {at} calls")
        check(seen == {0, 1, 2}, f"the files were never caught between: {seen}")


if __name__ == "__main__":
    sys.exit(main())
