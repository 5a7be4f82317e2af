# SPDX-License-Identifier: Apache-2.0
"""What shells complete with, written from the same parser as --help."""

from triune_snapshot.parser_parts import commands, options, value

SHELLS = ("bash", "zsh", "fish")
FILES = ("OUT", "SNAPSHOT")  # values that are names of files


def _words(parser):
    return " ".join(word for action in options(parser) for word in action.option_strings)


def _bash(parser):
    name = parser.prog.replace("-", "_")
    cases = [f"        {command}) words='{_words(made)}' ;;" for command, _, made in commands(parser)]
    parsers = [parser, *(made for _, _, made in commands(parser))]
    choices = [f"        {'|'.join(action.option_strings)})\n"
               f"            COMPREPLY=($(compgen -W '{' '.join(action.choices)}' -- \"$word\"))\n"
               "            return ;;" for made in parsers for action in options(made) if action.choices]
    names = " ".join(command for command, _, _ in commands(parser))
    return f"""# bash completion for {parser.prog}
_{name}() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=
    case $before in
{chr(10).join(choices)}
    esac
    if [[ $COMP_CWORD == 1 ]]; then
        COMPREPLY=($(compgen -W '{names} {_words(parser)}' -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{chr(10).join(cases)}
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}}
complete -o filenames -F _{name} {parser.prog}
"""


def _zsh(parser):
    def quoted(text):
        return text.replace("'", "'\\''").replace("[", r"\[").replace("]", r"\]").replace(":", r"\:")

    def what_follows(action):
        if action.nargs == 0:
            return ""
        if action.choices:
            return f":value:({' '.join(action.choices)})"
        return f":{value(action).lower()}:" + ("_files" if action.metavar in FILES else "")

    def specifications(made):
        for action in options(made):
            for word in action.option_strings:
                yield f"            '{word}[{quoted(action.help or '')}]{what_follows(action)}'"
        yield "            '*:file:_files'"

    lines = [f"#compdef {parser.prog}", "local -a commands", "commands=("]
    lines += [f"    '{command}:{quoted(text)}'" for command, text, _ in commands(parser)]
    lines += [")", "if (( CURRENT == 2 )); then", "    _describe command commands", "    _arguments \\",
              " \\\n".join(specifications(parser)), "    return", "fi", "local chosen=$words[2]", "shift words",
              "(( CURRENT-- ))", "case $chosen in"]
    for command, _, made in commands(parser):
        lines += [f"    {command})", "        _arguments \\", " \\\n".join(specifications(made)), "        ;;"]
    return "\n".join([*lines, "esac"]) + "\n"


def _fish(parser):
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def flags(action):
        for word in action.option_strings:
            yield f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"

    def line(where, what, text):
        return f"complete -c {parser.prog} -n {where} {what} -d {quoted(text or '')}"

    def option(where, action):
        follows = "" if action.nargs == 0 else " -r" if not action.choices else f" -x -a '{' '.join(action.choices)}'"
        return line(where, " ".join(flags(action)) + follows, action.help)

    first = "__fish_use_subcommand"
    lines = [option(first, action) for action in options(parser)]
    for command, text, made in commands(parser):
        lines.append(line(first, f"-f -a {command}", text))
        lines += [option(f"'__fish_seen_subcommand_from {command}'", action) for action in options(made)]
    return "\n".join(lines) + "\n"


def completion(parser, shell):
    """What `shell`, one of SHELLS, reads."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](parser)
