#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a compiler's deprecation message says is what the rewriter does: the same id, the same replacement, the same documents."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from workspace import Project, arguments, check

HEADERS = ("utils/device_buffer.hpp", "utils/gpu_memory.hpp", "utils/unified_gpu_compute.hpp", "gpu/dynamic_buffer_manager.hpp",
           "triune/transition.hpp")
MARK = re.compile(r'TRIUNE_DEPRECATED_\w+\("(\d+)", "([^"]+)"\)')
# Classes behind the facades, which no program names and no rule covers.
INNER = "utils::detail::"


def messages(text):
    """(qualified name, id, replacement) of each deprecated declaration of a header."""
    spaces, record, waiting = [], None, None
    for line in text.splitlines():
        if opened := re.match(r"namespace ([\w:]+) \{", line):
            spaces.append(opened[1])
        elif re.match(r"\}  // namespace", line):
            spaces.pop()
        elif line.startswith("};"):
            record = None
        elif opened := re.match(r"(?:class|struct)\s+(\w+)[^;]*\{", line):
            record = opened[1]
        if mark := MARK.search(line):
            waiting = mark.groups()
        declared = MARK.sub("", line)
        if waiting is None or not declared.strip() or declared.strip().startswith("//"):
            continue
        if named := re.match(r"(?:class|struct)\s+(\w+) \{", declared):
            record = name = named[1]
            scope = "::".join(spaces)
        else:
            name = (re.match(r"\s*using\s+(\w+)", declared) or re.search(r"(\w+)\(", declared))[1]
            scope = "::".join(spaces + [record] * (record is not None))
        yield f"{scope}::{name}", f"TRIUNE{waiting[0]}", waiting[1]
        waiting = None


def rules(tool):
    """What the rewriter says of each name: the rule's id and the replacement."""
    listed = subprocess.run([tool, "--list-rules"], capture_output=True, text=True, check=True).stdout
    ids = re.findall(r"^(TRIUNE\d+)", listed, re.M)
    names = {}
    for rule in ids:
        told = subprocess.run([tool, "--explain", rule], capture_output=True, text=True, check=True).stdout
        for line in told.partition("\nNames:\n")[2].splitlines():
            legacy, _, replacement = line.strip().partition(" -> ")
            names[legacy] = (rule, replacement)
    return ids, names


def bare(replacement):
    """Without arguments: `triune::Buffer<T>::upload(values)` is `triune::Buffer::upload`."""
    return re.sub(r"\([^)]*\)|<[^>]*>", "", replacement)


def same(message, replacement):
    if not replacement:  # the name falls away
        return message == "the triune::Buffer<T> itself"
    return bare(message).startswith("triune::") and re.search(r"(::|^)" + re.escape(bare(replacement)) + "$", bare(message))


def main():
    given = arguments()
    ids, names = rules(given.tool)
    said = {}
    for header in HEADERS:
        for name, rule, message in messages((pathlib.Path(given.facades) / header).read_text()):
            if name.startswith(INNER):
                check(rule in ids, f"{name}: there is no rule {rule}")
                continue
            if name.rsplit("::", 2)[-2] == name.rsplit("::", 1)[-1]:  # a constructor is its class
                name = name.rsplit("::", 1)[0]
            check(name in names, f"{name} is deprecated and no rule rewrites it")
            check(names[name][0] == rule, f"{name}: the message says {rule}, the rewriter {names[name][0]}")
            check(same(message, names[name][1]), f"{name}: the message says '{message}', the rewriter writes '{names[name][1]}'")
            said[name] = (rule, message)
    # Data cannot be deprecated one by one without a warning for who names the class alone. Of what stands in for a new
    # class only the old names are deprecated.
    data = {name for name in names if name not in said}
    check(len(said) > 60 and all(re.fullmatch(r"(gpu::Buffer(Config|Stats)|utils::UnifiedGPUCompute)::[a-z_]+|"
                                         r"triune::transition::([A-Z]\w+|make_buffer(_from)?|Buffer::(zeroed|filled)|"
                                         r"GraphArrays::upload_(positions|velocities))", name) for name in data),
          f"{len(said)} names; without a message: {sorted(data)}")

    # The same ids in the documents and in SARIF.
    docs = pathlib.Path(given.root) / "docs"
    for page in ("migration-guide.md", "deprecations.md"):
        unknown = set(re.findall(r"TRIUNE\d{4}", (docs / page).read_text())) - set(ids)
        check(not unknown, f"docs/{page} names {unknown}")
    anchors = re.findall(r'<a id="(TRIUNE\d+)">', (docs / "migration-guide.md").read_text())
    check(anchors == ids, f"anchors of the guide: {anchors}")
    quoted = re.findall(r"'(\w+)' is deprecated: (TRIUNE\d+): use (.+); run triune-migrate", (docs / "deprecations.md").read_text())
    check(quoted and all((rule, message) in said.values() for _, rule, message in quoted), f"docs/deprecations.md quotes {quoted}")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, {"a.cpp": "int nothing;\n"})
        project.database(["a.cpp"])
        project.run(f"--report={folder}/a.sarif")
        (only,) = json.loads((pathlib.Path(folder) / "a.sarif").read_text())["runs"]
        check([rule["id"] for rule in only["tool"]["driver"]["rules"]] == ids, "SARIF has other rules")


if __name__ == "__main__":
    sys.exit(main())
