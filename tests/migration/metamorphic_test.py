#!/usr/bin/env python3
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


def in_a_macro(text):
    """Calls of one function as arguments of a macro: none of them may be edited, all of them are counted."""
    heads = [match.end() for match in re.finditer(r'^#include[^\n]*\n', text, re.M)]
    body = re.sub(r"utils::check_gpu_memory_leaks\(\)", "SAME(utils::check_gpu_memory_leaks())", text[heads[-1]:])
    return text[:heads[-1]] + "#define SAME(expression) (expression)\n" + body


def migrate(given, texts):
    """The sites by module, name and state, and the texts after; `texts` are those of one project, by file."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, texts)
        project.database([name for name in texts if name.endswith(".cpp")])
        _, report = project.run("--fix", "--no-verify", "-j2")
        check(report["units"]["failed"] == 0, str(report["units"]))
        account = collections.Counter((site["file"].split(".")[0], site["module"], site["symbol"], site["state"])
                                      for site in report["sites"])
        return account, {name: (project.source / name).read_bytes().decode() for name in texts}


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

    # Stated exception: what stands in a macro's argument is blocked, with what must change together; nothing is lost.
    now_account, _ = migrate(given, {name: in_a_macro(text) for name, text in plain.items()})
    names_only = [collections.Counter({}) for _ in range(2)]
    for total, each in zip(names_only, (account, now_account)):
        for (file, module, symbol, _), count in each.items():
            total[file, module, symbol] += count
    same_account("in a macro", *names_only)
    blocked = {key for key in now_account if key[3] == "blocked"} - {key for key in account if key[3] == "blocked"}
    check(any(key[2] == "utils::check_gpu_memory_leaks" for key in blocked), f"in a macro: newly blocked are {blocked}")
    print("in a macro", flush=True)


if __name__ == "__main__":
    sys.exit(main())
