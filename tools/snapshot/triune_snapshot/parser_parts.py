# SPDX-License-Identifier: Apache-2.0
"""What an argparse parser holds: its commands and options. Nothing public of argparse tells."""

import argparse


def commands(parser):
    """(name, help, parser) of each command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            return [(name, helps[name], made) for name, made in action.choices.items()]
    return []


def options(parser):
    """The actions with a name that begins with a dash and a text of their own."""
    return [each for each in parser._actions if each.option_strings and each.help != argparse.SUPPRESS]


def value(action):
    if action.nargs == 0:
        return ""
    return action.metavar or ("{" + ",".join(action.choices) + "}" if action.choices else action.dest.upper())
