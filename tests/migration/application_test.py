#!/usr/bin/env python3
"""Migrates a copy of the legacy application: every site goes, and the result compiles against the new interface alone."""
import pathlib
import shutil
import subprocess
import tempfile

from workspace import Project, arguments, check

MODULE_HEADERS = ("utils/gpu_memory.hpp", "utils/device_buffer.hpp", "utils/unified_gpu_compute.hpp",
                  "gpu/dynamic_buffer_manager.hpp")


def main():
    given = arguments()
    application = pathlib.Path(given.root) / "tests" / "legacy" / "application"
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, {})
        shutil.copytree(application, project.source, dirs_exist_ok=True)
        units = sorted(path.name for path in project.source.glob("*.cpp"))
        project.database(units)
        result, report = project.run("--fix")
        check(report is not None, result.stderr)
        left = [site for site in report["sites"] if site["state"] != "migrated"]
        check(not left and result.returncode == 0, f"exit {result.returncode}\n{result.stderr}\n{left}")
        check(report["totals"]["sites"] > 150, f"too few sites: {report['totals']}")
        print(report["totals"], report["units"])

        again, second = project.run("--fix")
        check(again.returncode == 0 and second["totals"]["sites"] == 0, f"second run: {again.stderr}")
        for path in sorted(project.source.rglob("*.[ch]pp")):
            text = path.read_text()
            check(not any(header in text for header in MODULE_HEADERS), f"{path.name} includes a legacy module header")
        for unit in units:
            command = ["c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror=deprecated-declarations",
                       f"-I{given.new_api}", f"-I{given.legacy}", str(project.source / unit)]
            compiled = subprocess.run(command, capture_output=True, text=True)
            check(compiled.returncode == 0, f"{unit}:\n{compiled.stderr}")


if __name__ == "__main__":
    main()
