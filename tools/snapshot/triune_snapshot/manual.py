# SPDX-License-Identifier: Apache-2.0
"""The manual page, written from the same parser as --help."""

import re

from triune_snapshot.parser_parts import commands, options, value


def _roff(text):
    return re.sub(r"^([.'])", r"\\&\1", text.replace("\\", r"\e").replace("-", r"\-"), flags=re.MULTILINE)


def _usage(parser):
    words = parser.format_usage().split()[1:]  # without "usage:"
    return " ".join(words)


def _listed(parser):
    for action in options(parser):
        yield ".TP"
        yield ".B " + _roff(", ".join(action.option_strings) + (" " + value(action)).rstrip())
        yield _roff(action.help or "")


def manual(parser, version):
    """The manual page, section 1, in roff."""
    name = parser.prog
    lines = [f'.TH {name.upper()} 1 "" "triune {version}" "User Commands"',
             ".SH NAME", _roff(f"{name} - {parser.description[0].lower()}{parser.description[1:].rstrip('.')}"),
             ".SH SYNOPSIS"]
    for _, _, made in commands(parser):
        lines += [".PP", _roff(_usage(made))]
    lines += [".SH DESCRIPTION", _roff(parser.description), ".PP", _roff(parser.epilog), ".SH COMMANDS"]
    for command, text, made in commands(parser):
        lines += [f".SS {_roff(command)}", _roff(text[0].upper() + text[1:] + ".")]
        lines += [line for line in _listed(made)]
    lines += [".SH OPTIONS", *_listed(parser)]
    return "\n".join(lines) + "\n"
