#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same program in another shape: the same accounting, and the same program after the migration."""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from workspace import Project, arguments, check

CASES = pathlib.Path(__file__).resolve().parent / "cases"
NAMES = ("buffer_manager", "containers", "default_configs", "graph_arrays", "handlers", "leaks_and_usage", "managed_buffers",
         "named_not_called", "spellings_of_types", "templates", "using_declarations")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|::|[A-Za-z_]\w*|\s+|.',
                   re.S | re.M)


def tokens(text):
    return TOKEN.findall(text)


def words(text):
    """A program without its layout: comments, line ends and spaces are gone, and so are the borders of joined strings."""
    kept = [token for token in tokens(text) if not token.isspace() and not token.startswith(("//", "/*"))]
    return re.sub(r'""', "", " ".join(" ".join(token.split()) for token in kept))


def spread(text):
    """A new line before each argument, and spaces around what qualifies a name."""
    return "".join({"(": "(\n\t", ",": "\n ,", "::": " :: "}.get(token, token) for token in tokens(text))


def commented(text):
    """Comments that name legacy things, before arguments: they are no sites and stay where they are."""
    all_tokens = tokens(text)
    notes = {"(": "( /* utils::DeviceBuffer */ ", ",": ", // gpu::BufferConfig\n"}
    return "".join(token if after == ")" else notes.get(token, token) for token, after in zip(all_tokens, all_tokens[1:] + [""]))


def laid_out(text):
    """As another project would: GNU's style in narrow lines."""
    formatter = next(filter(None, map(shutil.which, ("clang-format-19", "clang-format"))), None)
    if formatter is None:
        return text
    style = "--style={BasedOnStyle: GNU, ColumnLimit: 60, SortIncludes: Never, IncludeBlocks: Preserve, BreakStringLiterals: false}"
    return subprocess.run([formatter, style], input=text, capture_output=True, text=True, check=True).stdout


def dos(text):
    return text.replace("\n", "\r\n")


# A comment inside `static_cast<int>(e.code())` keeps the cast, which is needless after the migration.
OTHER_TEXT = {("commented", "handlers.cpp")}
SAME_TEXT = {"spread": spread, "commented": commented, "laid out": laid_out, "with DOS line ends": dos}


def through_an_alias(text):
    """Each namespace under a name of the program's own. A template that is itself an argument stays spelled in full: the
    syntax tree keeps no place for it, and the census finds it by its namespace alone."""
    heads = [match.end() for match in re.finditer(r'^#include[^\n]*\n', text, re.M)]
    body = re.sub(r"(?<!class )(?<!using )\b(utils|gpu)::(?!UnifiedGPUCompute;)", r"aliased_\1::", text[heads[-1]:])
    aliases = "".join(f"namespace aliased_{each} = {each};\n" for each in ("utils", "gpu") if f"aliased_{each}::" in body)
    return text[:heads[-1]] + aliases + body


# Calls that may as well be written by a macro: how they are spelled, what the macro's parameter is, and what its body;
# then the legacy names in them.
CALLS = ((r"utils::check_gpu_memory_leaks\(\)", "", "utils::check_gpu_memory_leaks()", ("check_gpu_memory_leaks",)),
         (r"gpu::BufferConfig::for_positions\(\)", "", "gpu::BufferConfig::for_positions()", ("BufferConfig", "for_positions")),
         (r"(?<![.>:\w])(\w+)\.len\(\)", "buffer", "(buffer).len()", ("len",)))


def with_macros(text, define, use):
    """`define` lines below the includes, and each of the calls spelled as `use` says."""
    end = [match.end() for match in re.finditer(r'^#include[^\n]*\n', text, re.M)][-1]
    head, body = text[:end], text[end:]
    for number, (pattern, _, _, _) in enumerate(CALLS):
        body, count = re.subn(pattern, lambda match: use(number, match), body)
        head += f"#define {define(number)}\n" * (count > 0)
    return head + body


def in_an_argument(text):
    return with_macros(text, lambda number: f"SAME_{number}(expression) (expression)", lambda number, match: f"SAME_{number}({match[0]})")


def in_a_body(text):
    return with_macros(text, lambda number: f"CALL_{number}({CALLS[number][1]}) {CALLS[number][2]}",
                       lambda number, match: f"CALL_{number}({''.join(match.groups())})")


def run(given, texts):
    """The report over one project, and the texts after; `texts` are its files."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, texts)
        project.database([name for name in texts if name.endswith(".cpp")])
        result, report = project.run("--fix", "--no-verify", "-j2")
        check(report["units"]["failed"] == 0, result.stderr)
        totals = report["totals"]
        check(totals["sites"] == len(report["sites"]) == sum(totals[state] for state in ("migrated", "blocked", "unseen")), str(totals))
        return report["sites"], {name: (project.source / name).read_bytes().decode() for name in texts}


def migrate(given, texts):
    """The sites by module, name and state, and the texts after."""
    sites, after = run(given, texts)
    return collections.Counter((site["file"].split(".")[0], site["module"], site["symbol"], site["state"]) for site in sites), after


def same_account(what, expected, account):
    lost, won = expected - account, account - expected
    check(not lost and not won, f"{what}: sites are lost {dict(lost)}, or new {dict(won)}")


def main():
    given = arguments()
    plain = {f"{name}.cpp": (CASES / name / "before.cpp").read_text() for name in NAMES}
    account, after = migrate(given, plain)
    check(sum(account.values()) > 250, str(account))
    for what, change in SAME_TEXT.items():
        changed = {name: change(text) for name, text in plain.items()}
        now_account, now = migrate(given, changed)
        same_account(what, account, now_account)
        for name in plain:
            same = (what, name) in OTHER_TEXT or words(now[name]) == words(after[name])
            check(same, f"{what}, {name}:\n{now[name]}\n--- and not\n{after[name]}")
        print(what, flush=True)

    moved = {name.replace(".cpp", ".hpp"): "#pragma once\n" + text for name, text in plain.items()}
    moved |= {name: f'#include "{name.replace(".cpp", ".hpp")}"\n' for name in plain}
    now_account, now = migrate(given, moved)
    same_account("in a header", account, now_account)
    for name in plain:
        check(now[name.replace(".cpp", ".hpp")] == "#pragma once\n" + after[name], f"in a header, {name} becomes another text")
    print("in a header", flush=True)

    now_account, now = migrate(given, {name: through_an_alias(text) for name, text in plain.items()})
    same_account("through an alias", account, now_account)
    print("through an alias", flush=True)

    macros(given, plain)


def last_names(sites):
    return collections.Counter((site["file"], site["symbol"].rsplit("::", 1)[-1]) for site in sites)


def migrated(sites):
    return last_names(site for site in sites if site["state"] == "migrated")


def macros(given, plain):
    """Calls that a macro spells: as many sites as before. In its argument what migrated does so still; of what moves into
    a body one spelling is left, however often the macro is used, and where it is not edited it stays as it is."""
    before, _ = run(given, plain)
    moved = {(name, number): len(re.findall(call[0], text)) for name, text in plain.items() for number, call in enumerate(CALLS)}
    check(sum(count > 1 for count in moved.values()) > 3, f"the cases have too few such calls: {moved}")

    sites, after = run(given, {name: in_an_argument(text) for name, text in plain.items()})
    same_account("in an argument", last_names(before), last_names(sites))
    same_account("in an argument, migrated", migrated(before), migrated(sites))
    print("in an argument", flush=True)

    changed = {name: in_a_body(text) for name, text in plain.items()}
    sites, after = run(given, changed)
    expected = last_names(before)
    for (file, number), count in moved.items():
        for name in CALLS[number][3] if count > 1 else ():
            expected[file, name] -= count - 1
    same_account("in a body", expected, last_names(sites))
    wrapped = collections.Counter()
    edited = 0
    for site in sites:
        line = changed[site["file"]].splitlines()[site["line"] - 1]
        name = site["symbol"].rsplit("::", 1)[-1]
        for number, call in enumerate(CALLS):
            inside = any(match.start() < site["column"] <= match.end() for match in re.finditer(rf"#define CALL_{number}\(.*", line))
            if not inside or name not in call[3]:
                continue
            wrapped[site["file"], number] += 1
            edited += site["state"] == "migrated"
            check(site["state"] == "migrated" or site["reason"] == "macro-body", f"in a body: {site}")
            stays = line in after[site["file"]].splitlines()
            check(stays == (site["state"] != "migrated"), f"in a body: {site}\n{after[site['file']]}")
    for (file, number), count in moved.items():
        spelled = len(CALLS[number][3]) * min(count, 1)
        check(wrapped[file, number] == spelled, f"in a body: {file} has {wrapped[file, number]} sites of call {number}, not {spelled}")
    check(edited > 0, "no macro's body was edited")
    print("in a body", flush=True)


if __name__ == "__main__":
    sys.exit(main())
