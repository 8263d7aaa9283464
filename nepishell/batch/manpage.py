"""`nepishell man`: the manual page, written from the grammar and the option parsers."""

import argparse
import sys
from itertools import groupby

from nepishell import __version__
from nepishell.batch.completions import SUBCOMMANDS, parser_of
from nepishell.commands.declared import our_grammar
from nepishell.lang.registry import Command, commands
from nepishell.lang.stages import STAGES
from nepishell.lang.usage import help_text

_ABOUT = """\
Without arguments nepishell is a prompt; with commands on its standard input it plays them. What \
is typed at the prompt and what stands in a recipe is the same language."""
_STATUS = "0 done, 1 the experiment failed, 2 usage or syntax, 3 timeout, 130 interrupted."
_FILES = "$XDG_STATE_HOME/nepishell (default ~/.local/state/nepishell): runs, history, the log."
_SETS = """\
Wherever a resource fits, a set of them does: 3, 3-7, web, web[1-20], web*, linux::*, @FAILED, \
%g2, all; commas for "and", a minus for "but not" (all,-web3)."""


def main(argv: list[str]) -> int:
    """Print the page; `nepishell man | man -l -` shows it."""
    parser = argparse.ArgumentParser(prog="nepishell man", description="print the manual page")
    parser.parse_args(argv)
    sys.stdout.write(page())
    return 0


def page() -> str:
    """The page in the language of man(7)."""
    lines = [f'.TH NEPISHELL 1 "" "nepishell {__version__}" "User Commands"']
    lines += _section("NAME", r"nepishell \- steer network experiments while they run")
    lines += _section("SYNOPSIS", *_synopsis())
    lines += _section("DESCRIPTION", _text(_ABOUT))
    lines += _section("SUBCOMMANDS")
    for name, help_ in SUBCOMMANDS.items():
        lines += _item(f"nepishell {name}", help_)
    lines += _section("OPTIONS")
    for option, help_ in _options():
        lines += _item(option, help_)
    lines += _section("COMMANDS", _text(_SETS))
    our_grammar()
    for group, members in groupby(sorted(commands, key=_order), key=lambda each: each.group):
        lines.append(f".SS {group.capitalize()}")
        for command in members:
            lines += _command(command)
    lines += _section("AFTER A PIPE")
    for stage in STAGES.commands.values():
        lines += _item(f"| {stage.usage}", stage.summary)
    lines += _section("EXIT STATUS", _text(_STATUS))
    lines += _section("FILES", _text(_FILES))
    return "\n".join(lines) + "\n"


def _order(command: Command) -> tuple[str, str]:
    return command.group, command.name


def _synopsis() -> list[str]:
    lines = [r".B nepishell", ".br", r".B nepishell \-c", r"\fILINES\fR [\fIoption\fR]..."]
    for name in SUBCOMMANDS:
        lines += [".br", rf".B nepishell {name}", r"[\fIoption\fR]..."]
    return lines


def _options() -> list[tuple[str, str]]:
    """Each option once, with its help."""
    found: dict[str, str] = {}
    for name in ("", "run"):
        for action in parser_of(name)._actions:
            names = ", ".join(action.option_strings)
            metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
            value = "" if action.nargs == 0 else f" {metavar}"
            if names:
                found.setdefault(f"{names}{value}", action.help or "")
    return list(found.items())


def _command(command: Command) -> list[str]:
    usage, *text = help_text(command, commands.types).splitlines()
    body = [line.removeprefix("    ") for line in text]
    return [".TP", rf"\fB{_escaped(usage)}\fR", ".nf", *map(_text, body), ".fi"]


def _section(title: str, *text: str) -> list[str]:
    return [f".SH {title}", *text]


def _item(term: str, text: str) -> list[str]:
    return [".TP", rf"\fB{_escaped(term)}\fR", _text(text)]


def _text(line: str) -> str:
    escaped = _escaped(line)
    # a line that begins so would be a request
    return rf"\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")
