# SPDX-License-Identifier: Apache-2.0
"""The command line of triune-snapshot."""

import argparse
import os
import sys
from pathlib import Path

from triune_snapshot import printing
from triune_snapshot.completion import SHELLS, completion
from triune_snapshot.formats import converted
from triune_snapshot.manual import manual
from triune_snapshot.page import page_of
from triune_snapshot.reading import BadInput, Recording, read

VERSION = "0.1.0"
EPILOG = """FILE is a snapshot (MemorySnapshot::to_json) or a recording (triune::recorder, or TRIUNE_RECORD=FILE),
gzip'd or not. Exit status: 0, or 2 where the arguments or a file are not right; then one line on stderr says what."""


class Tell(argparse.Action):
    """Prints what `tell(parser, value)` makes, and ends."""

    def __init__(self, *names, tell, **others):
        super().__init__(*names, **others)
        self.tell = tell

    def __call__(self, parser, namespace, value, name=None):
        print(self.tell(parser, value), end="")
        parser.exit()


def command_line():
    parser = argparse.ArgumentParser(prog="triune-snapshot", description="Looks into memory as Triune has told of it.",
                                     epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"triune-snapshot {VERSION}")
    parser.add_argument("--man", action=Tell, nargs=0, help="print the manual page",
                        tell=lambda told, _: manual(told, VERSION))
    parser.add_argument("--completion", action=Tell, choices=SHELLS, tell=completion,
                        help="print what a shell completes with")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, text):
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("file", metavar="FILE")
        return made

    def with_count(made):
        made.add_argument("--count", "-n", type=int, default=10, metavar="N", help="how many rows (10)")

    def with_output(made):
        made.add_argument("--output", "-o", required=True, metavar="OUT",
                          help="file to write; - is the standard output")

    with_count(command("print", "figures, and the biggest holders"))
    with_count(command("top", "the biggest holders, by name and place"))
    diff = command("diff", "what has changed between two files, by name and place")
    diff.add_argument("new", metavar="NEW")
    with_count(diff)
    convert = command("convert", "writes another format")
    convert.add_argument("--to", required=True, choices=("rmm", "chrome", "pytorch"),
                         help="rmm's CSV, trace events for Perfetto, or a pickle for pytorch.org/memory_viz")
    with_output(convert)
    page = command("page", "writes one HTML page to look at, which asks no network")
    page.add_argument("--snapshot", action="append", default=[], metavar="SNAPSHOT",
                      help="a snapshot of the same run, for the map of segments; may be given again")
    page.add_argument("--title", metavar="TEXT", help="its title (the name of FILE)")
    with_output(page)
    command("check", "says nothing where the file is right")
    return parser


def parsed(arguments):
    parser = command_line()
    options = parser.parse_args(arguments)
    if getattr(options, "count", 1) < 1:
        parser.error("--count is at least 1")
    return options


def write(path, data):
    if path == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(path).write_bytes(data)
    except OSError as failure:
        raise BadInput(f"{path}: {failure.strerror or failure}") from failure


def snapshots_in(paths):
    for path in paths:
        seen = read(path)
        if isinstance(seen, Recording):
            raise BadInput(f"{path}: is a recording; --snapshot wants a snapshot")
        yield seen


def run(options):
    seen = read(options.file)
    if options.command == "convert":
        write(options.output, converted(seen, options.to))
    elif options.command == "page":
        title = options.title or Path(options.file).name
        write(options.output, page_of(seen, list(snapshots_in(options.snapshot)), title))
    elif options.command != "check":
        lines = {"print": lambda: printing.everything(seen, options.count),
                 "top": lambda: printing.top(seen, options.count),
                 "diff": lambda: printing.difference(seen, read(options.new), options.count)}[options.command]()
        print(*lines, sep="\n")


def main(arguments):
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        run(parsed(arguments))
        sys.stdout.flush()
    except BadInput as failure:
        print(f"triune-snapshot: {failure}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
