#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that includes point down only, that private headers lie in detail/, and that no file has grown too long.

Usage: check_layers.py ROOT. Prints each violation as FILE:LINE: WHAT; exit status 1 where there is one.
"""

import re
import sys
from pathlib import Path

# What each layer may include of the others; itself always.
KNOWS = {
    "base": set(),
    "device": {"base"},
    "alloc": {"base", "device"},
    "track": {"base"},
    "manage": {"base", "device", "alloc", "track"},
    "graph": {"base", "device", "alloc", "track", "manage"},
    "resource": {"base", "device", "alloc", "track", "manage"},
}
# The headers that users include, by layer; docs/api.md tells what each declares. All others lie in triune/detail/.
PUBLIC = {
    "base": "call_site error log status trace units version",
    "device": "device devices event sim/sim_device stream stream_order stream_set verb",
    "track": "allocation_list allocation_origin allocation_record memory_layout memory_snapshot record_filter recorder "
             "scope_threads stack_trace statistics tracked_allocation",
    "manage": "buffer buffer_access buffer_config buffer_group default_buffers default_manager device_element download_mode "
              "failure_hook growth_set host_view manager memory_scope shortage untyped_buffer",
    "graph": "cell_buffers graph_arrays label_cache node_views",
    "resource": "bad_allocation pinned_resource pool_account pool_resource thrust_allocator thrust_temporaries",
}
# Private ones that lie with them: programs that measure include them from there. No promise is made of what they declare.
BOUNDS = {"alloc": "pool", "manage": "device_resources download_channel"}
# The rooms of the allocator, each of which may include itself and those behind it.
ALLOC_ROOMS = ["central", "front", "mapping", "span", "device_memory"]
# The folders of the rewriter, each of which may include itself and those behind it.
REWRITER = ["tidy", "cli", "report", "apply", "read", "plan", "collect", "project", "clang", "facts", "edits", "rules", "process",
            "text"]
MAX_LINES = 400
BACKEND = "triune/detail/device/cuda/"
SOURCES = {".hpp", ".cpp", ".h", ".cu", ".cuh"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CCCL_HEADER = re.compile(r"^(cuda|thrust|cub)/.+$")
CUDA_HEADER = re.compile(r"^(cuda(_[a-z0-9_]+)?\.h|cuda[A-Za-z]*\.h|driver_types\.h|nvtx3/.+)$")
# Headers of the facades' own folders, as their users spell them.
FACADE = re.compile(r"^(utils|gpu)/[a-z_]+\.hpp$")
STANDARD = re.compile(r"^[a-z_]+$")


def includes(path):
    """Line number, included name, and whether it stands in quotes, of each include line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            found.append((number, match.group(2), match.group(1) == '"'))
    return found


def layer_of(name):
    """The layer in triune/LAYER/... and triune/detail/LAYER/..., '' for the umbrella, None for what is not of the core."""
    if not name.startswith("triune/"):
        return None
    parts = in_layers(name.removeprefix("triune/")).split("/")
    return parts[0] if len(parts) > 1 else ""


def in_layers(inside):
    """The path below core/triune, as if public and private files lay side by side."""
    return inside.removeprefix("detail/")


def public_headers(root):
    """All that users include, below `root`/core: what the check of the API reads too."""
    names = [f"triune/{layer}/{stem}.hpp" for layer, stems in PUBLIC.items() for stem in stems.split()]
    return ["triune/triune.hpp", *(name for name in names if (root / "core" / name).is_file())]


def check_core_include(layer, inside, name):
    """What is wrong with a core file of `layer`, of the path `inside` in it, including `name`; None where nothing is."""
    behind_seam = inside.startswith("device/cuda/")
    if CUDA_HEADER.match(name) and not behind_seam:
        return f"{name}: CUDA headers belong in detail/device/cuda/ alone"
    if CCCL_HEADER.match(name) and not behind_seam and not (layer == "resource" and inside.endswith(".hpp")):
        return f"{name}: CCCL belongs in detail/device/cuda/ and the headers of resource/ alone"
    if FACADE.match(name) or name.startswith("compat/"):
        return f"{name}: the core knows no facade"
    target = layer_of(name)
    if target is None:
        return None
    if layer == "":  # the umbrella
        return None
    if target == "":
        return f"{name}: no layer includes the umbrella"
    if target != layer and target not in KNOWS[layer]:
        return f"{name}: {layer} may not know {target}"
    if name.startswith(BACKEND) and layer != "device":
        return f"{name}: the CUDA backend stands behind the seam; include triune/device/device.hpp"
    return check_room(inside, name)


def room_of(inside):
    """The room of alloc/ROOM/..., '' for a file that stands before the rooms, None for what is not of the allocator."""
    parts = inside.split("/")
    if parts[0] != "alloc":
        return None
    return parts[1] if len(parts) > 2 else ""


def check_room(inside, name):
    """What is wrong with a file of the allocator including another of it; None where nothing is."""
    room, target = room_of(inside), room_of(in_layers(name.removeprefix("triune/")))
    if not room or target is None:
        return None
    if target == "":
        return f"{name}: no room includes what stands before the rooms"
    for each in (room, target):
        if each not in ALLOC_ROOMS:
            return f"alloc/{each} is no room of the allocator; they are {', '.join(ALLOC_ROOMS)}"
    if ALLOC_ROOMS.index(target) < ALLOC_ROOMS.index(room):
        return f"{name}: alloc/{room} may not know alloc/{target}"
    return None


def check_place(layer, inside):
    """What is wrong with a file of `layer` lying outside of detail/; None where it is a public header or a source of one."""
    there = f"{PUBLIC.get(layer, '')} {BOUNDS.get(layer, '')}".split()
    stem = inside.removeprefix(f"{layer}/").rpartition(".")[0]
    if stem in there or not inside.endswith(".hpp") and any(stem.startswith(f"{each}_") for each in there):
        return None
    return f"no header that users include; it belongs in core/triune/detail/{layer}/, or else in PUBLIC of this check"


def check_core(root):
    core = root / "core" / "triune"
    for path in sources(core):
        inside = path.relative_to(core).as_posix()
        layer = layer_of(f"triune/{inside}")
        if layer and layer not in KNOWS or layer == "" and inside != "triune.hpp":
            yield path, 1, f"{layer or inside} is no layer; the layers are {', '.join(KNOWS)}"
            continue
        if layer and not inside.startswith("detail/") and (wrong := check_place(layer, inside)):
            yield path, 1, wrong
        inside = in_layers(inside)
        for number, name, quoted in includes(path):
            beside = (path.parent / name).resolve()
            if quoted and (beside.exists() or name.startswith(".")):  # the same rules under its full name
                if beside.is_relative_to(core.resolve()):
                    name = "triune/" + beside.relative_to(core.resolve()).as_posix()
            wrong = check_core_include(layer, inside, name)
            if wrong:
                yield path, number, wrong


FRIEND = re.compile(r"^\s*friend (?:class|struct) (\w+);")
DEFINITION = re.compile(r"^(?:template <[^>]*>\s*)?(?:class|struct)(?: alignas\(\w+\))? (\w+)[^;]*\{")


def check_friends(root):
    """A class that names one of a higher layer as its friend knows it, whatever it includes."""
    core = root / "core" / "triune"
    layers = {}
    for path in sources(core):
        layer = layer_of(f"triune/{path.relative_to(core).as_posix()}")
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := DEFINITION.match(line):
                layers.setdefault(found.group(1), set()).add(layer)
    for path in sources(core):
        layer = layer_of(f"triune/{path.relative_to(core).as_posix()}")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = FRIEND.match(line)
            of = layers.get(found.group(1), set()) if found else set()
            if of and layer in KNOWS and not of & (KNOWS[layer] | {layer}):
                yield path, number, f"{found.group(1)}: {layer} may not know {', '.join(sorted(of))}, as a friend neither"


def check_compat(root):
    for path in sources(root / "compat"):
        for number, name, _ in includes(path):
            if CUDA_HEADER.match(name) or CCCL_HEADER.match(name):
                yield path, number, f"{name}: CUDA headers belong in core/triune/detail/device/cuda/ alone"
            elif name.startswith(BACKEND):
                yield path, number, f"{name}: the CUDA backend stands behind the seam"
            elif path.suffix == ".hpp" and path.parent.name in ("utils", "gpu"):
                if not STANDARD.match(name) and not FACADE.match(name):
                    yield path, number, f"{name}: facade headers include the standard library and each other only"


def check_c(root):
    for path in sources(root / "c"):
        for number, name, quoted in includes(path):
            if path.name == "triune.h":
                if name not in ("stddef.h", "stdint.h"):
                    yield path, number, f"{name}: the C header includes stddef.h and stdint.h only"
            elif CUDA_HEADER.match(name) or CCCL_HEADER.match(name) or name.startswith(BACKEND):
                yield path, number, f"{name}: the CUDA backend stands behind the seam"
            elif FACADE.match(name) or name.startswith("triune/graph/"):
                yield path, number, f"{name}: the C interface knows neither facades nor graphs"


def check_rewriter_include(folder, name):
    """What is wrong with a file of the rewriter's `folder` including `name` in quotes; None where nothing is."""
    target = name.split("/")[0] if "/" in name else ""
    if target not in REWRITER:
        return f"{name}: the rewriter's files are included by folder and name"
    if REWRITER.index(target) < REWRITER.index(folder):
        return f"{name}: {folder} may not know {target}"
    return None


def check_migration(root):
    folder_of = root / "migration"
    for path in sources(folder_of):
        folder = path.relative_to(folder_of).parts[0]
        if folder not in REWRITER:
            yield path, 1, f"{folder} is no folder of the rewriter; they are {', '.join(REWRITER)}"
            continue
        for number, name, quoted in includes(path):
            wrong = check_rewriter_include(folder, name) if quoted and not FACADE.match(name) else None
            if wrong:
                yield path, number, wrong
        for number, name, _ in includes(path):
            if name.startswith("triune/") or "core/triune" in name or FACADE.match(name) or CUDA_HEADER.match(name) \
                    or CCCL_HEADER.match(name):
                yield path, number, f"{name}: the rewriter knows the library's names only, none of its code"


def check_lengths(root):
    for folder in ("core", "compat", "c", "migration"):
        for path in sources(root / folder):
            text = path.read_text(encoding="utf-8")
            lines = text.count("\n") - text.startswith("// SPDX-License-Identifier:")  # the licence is no part of the noun
            if lines > MAX_LINES:
                yield path, lines, f"{lines} lines; the most is {MAX_LINES}"


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in SOURCES)


def violations(root):
    for check in (check_core, check_friends, check_compat, check_c, check_migration, check_lengths):
        for path, number, what in check(root):
            yield f"{path.relative_to(root).as_posix()}:{number}: {what}"


def main(arguments):
    if len(arguments) != 1 or not (Path(arguments[0]) / "core" / "triune").is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    found = list(violations(Path(arguments[0])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
