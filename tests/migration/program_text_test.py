#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tool says of its options: --help, the manual page and the shells' completions tell of the same ones."""
import re
import shutil
import subprocess
import tempfile

from workspace import arguments, check


def ask(given, *options):
    return subprocess.run([given.tool, *options], capture_output=True, text=True)


def told(given):
    """The options of --help, with the value that each takes or an empty text."""
    return re.findall(r"(?m)^  (-[\w-]+)[= ]?(\S*?) {2,}\S", ask(given, "--help").stdout)


def every_option_of_the_help_is_known(given):
    options = told(given)
    check(len(options) > 25, str(options))
    for name, value in options:
        with tempfile.TemporaryDirectory() as empty:
            said = subprocess.run([given.tool, *([name, "1"] if value else [name])], capture_output=True, text=True, cwd=empty)
        check("unknown option" not in said.stderr, f"{name}: {said.stderr}")
        check(not value or name in ask(given, name).stderr, f"{name} does not say that it needs a value")


def the_manual_page_has_every_option_and_is_sound(given):
    page = ask(given, "--man")
    check(page.returncode == 0 and page.stdout.startswith(".TH TRIUNE-MIGRATE 1 "), page.stdout[:200])
    for name, _ in told(given):
        check(".B " + name.replace("-", "\\-") in page.stdout, f"{name} is not in the manual page")
    for checker in (["mandoc", "-T", "lint", "-W", "error"], ["groff", "-man", "-ww", "-Tutf8"]):
        if shutil.which(checker[0]):
            done = subprocess.run(checker, input=page.stdout, capture_output=True, text=True)
            check(done.returncode == 0 and not done.stderr, f"{checker[0]}: {done.stdout}{done.stderr}")


def completed_by_bash(given, *words):
    script = ask(given, "--completion=bash").stdout + f"""
compopt() {{ :; }}
COMP_WORDS=({' '.join(f"'{word}'" for word in words)})
COMP_CWORD={len(words) - 1}
_triune_migrate
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True)
    check(done.returncode == 0 and not done.stderr, done.stderr)
    return done.stdout.split()


def bash_completes_names_and_values(given):
    names = completed_by_bash(given, "triune-migrate", "-")
    check(sorted(name.rstrip("=") for name in names) == sorted(name for name, _ in told(given)), str(names))
    check(completed_by_bash(given, "triune-migrate", "--fi") == ["--fix"], "--fi")
    check("macro-body" in completed_by_bash(given, "triune-migrate", "--explain", "=", "macro"), "a reason behind =")
    check("TRIUNE4001" in completed_by_bash(given, "triune-migrate", "--explain", "TRIUNE40"), "a rule behind a space")
    modules = completed_by_bash(given, "triune-migrate", "--modules", "=", "gpu_memory,unif")
    check(modules == ["gpu_memory,unified_gpu_compute"], str(modules))


def zsh_and_fish_are_told_of_every_option(given):
    for shell in ("zsh", "fish"):
        text = ask(given, f"--completion={shell}").stdout
        for name, _ in told(given):
            bare = name.lstrip("-")
            here = re.search(rf"'\*?{name}[=+]?\[", text) if shell == "zsh" else re.search(rf" -[ls] {bare} ", text)
            check(here, f"{shell} is not told of {name}")
        if shutil.which(shell):
            done = subprocess.run([shell, "-n"], input=text, capture_output=True, text=True)
            check(done.returncode == 0 and not done.stderr, f"{shell}: {done.stderr}")
    if shutil.which("fish"):
        ask_fish = ask(given, "--completion=fish").stdout + "\ncomplete -C 'triune-migrate --modules=gpu_memory,unif'\n"
        done = subprocess.run(["fish", "--no-config"], input=ask_fish, capture_output=True, text=True)
        check("gpu_memory,unified_gpu_compute" in done.stdout, done.stdout + done.stderr)
    if shutil.which("zsh"):
        text = "_arguments() { printf '%s\\n' \"$@\" }\n" + ask(given, "--completion=zsh").stdout
        done = subprocess.run(["zsh", "-f"], input=text, capture_output=True, text=True)
        check(len(done.stdout.splitlines()) == len(told(given)) + 1, done.stdout + done.stderr)


def an_unknown_shell_is_named(given):
    said = ask(given, "--completion=csh")
    check(said.returncode == 3 and "csh" in said.stderr and "fish" in said.stderr, said.stderr)


def main():
    given = arguments()
    for test in (every_option_of_the_help_is_known, the_manual_page_has_every_option_and_is_sound,
                 bash_completes_names_and_values, zsh_and_fish_are_told_of_every_option, an_unknown_shell_is_named):
        test(given)


main()
