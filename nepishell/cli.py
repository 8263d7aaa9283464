"""The composition root: reads arguments and decides who serves them, before importing anybody.

`--version` and `--help` load nothing but argparse; scripts never load the prompt.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, NoReturn

from nepishell import __version__

VERSION = __version__

#: name -> "module:function", imported when it is asked for
SUBCOMMANDS = {
    "run": "nepishell.batch.main:main",
    "check": "nepishell.batch.checking_main:main",
    "fmt": "nepishell.batch.tidying_main:main",
    "import": "nepishell.batch.importing_main:main",
    "runs": "nepishell.batch.runs:main",
    "compare": "nepishell.batch.comparing_main:main",
    "resume": "nepishell.batch.resume:main",
    "clean": "nepishell.batch.resume:clean_main",
    "serve": "nepishell.service.main:main",
    "attach": "nepishell.service.attaching:main",
    "export": "nepishell.batch.opening:export_main",
    "open": "nepishell.batch.opening:open_main",
    "campaign": "nepishell.campaigns.main:main",
    "lab": "nepishell.labs.main:main",
    "doctor": "nepishell.doctor:main",
    "man": "nepishell.batch.manpage:main",
    "completions": "nepishell.batch.completions:main",
    # asked by the scripts of `completions`, not by people
    "complete": "nepishell.batch.completions:complete",
}
#: how `serve` loads the prompt, for terminals that attach
ATTACHED = "nepishell.shell.attached:serve"
BATCH = "nepishell.batch.main:main_without_file"
PROMPT = "nepishell.shell.main:main"
BUGS = "nepishell.commands.bugs:report"

_DESCRIPTION = "A shell in which people steer network experiments while they run."
_EPILOG = """\
commands:
  nepishell                   a prompt; with commands on its standard input: play them
  nepishell --plain           a prompt without colours, on which nothing is painted over
  nepishell -c 'LINE; LINE'   play these commands
  nepishell run FILE          play a recipe; see 'nepishell run --help'
  nepishell check FILE        tell what is wrong with a recipe; --json for editors
  nepishell fmt FILE          write a recipe in its one spelling; --check, --diff
  nepishell import FILE       a network of Mininet, containerlab or Kathará as a recipe
  nepishell runs              the runs kept on this machine
  nepishell compare RUN RUN   what is different between runs, or bundles
  nepishell resume [RUN]      go on with a run whose controller was killed
  nepishell serve [FILE]      a run without a terminal, for 'attach' and for programs
  nepishell attach [RUN]      a prompt at a run that goes on without a terminal
  nepishell clean [RUN]       release what such a run has left
  nepishell export RUN FILE   write a run into one file that is handed over
  nepishell open FILE         look at a run that was handed over
  nepishell campaign FILE     many runs of a recipe, with other values or with the same
  nepishell lab WHAT          teaching labs: list them, grade what was handed in
  nepishell doctor            what this machine can do, and how to install what is missing
  nepishell man               the manual page: nepishell man | man -l -
  nepishell completions bash  what makes bash complete; also zsh, fish

exit status: 0 done, 1 the experiment failed, 2 usage or syntax, 3 timeout, 130 interrupted
"""


def load(target: str) -> Callable[..., Any]:
    """The function that "module:function" names, imported now."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _serve(target: str, arguments: list[str], *more: object) -> int:
    status: int = load(target)(arguments, *more)
    return status


def _open_prompt(*what: object) -> None:
    load(ATTACHED)(*what)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(2, f"nepishell: {message}; see 'nepishell --help'\n")


def _parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = _Parser(
        prog="nepishell",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"nepishell {VERSION}")
    parser.add_argument("-c", metavar="LINES", dest="lines", help="play these commands and exit")
    return parser.parse_known_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve one command line; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    sys.excepthook = _bug
    first = arguments[0] if arguments else ""
    if first == "serve":
        return _serve(SUBCOMMANDS[first], arguments[1:], _open_prompt)
    if first in SUBCOMMANDS:
        return _serve(SUBCOMMANDS[first], arguments[1:])
    if first and not first.startswith("-"):
        # `nepishell star.nepi` is `nepishell run star.nepi`; a mistyped command is told there
        return _serve(SUBCOMMANDS["run"], arguments)
    options, rest = _parse(arguments)
    if options.lines is not None or not _is_terminal():
        return _serve(BATCH, arguments)
    # nothing that is loaded now is ever garbage; the prompt collects again when it is up
    gc.disable()
    return _serve(PROMPT, rest)


def _is_terminal() -> bool:
    # who redirects either wants no prompt in it; a closed one is None
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _bug(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("interrupted\n")
        return
    if issubclass(kind, BrokenPipeError):
        # as in `... | head`: nobody reads any more, nor what is still to be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return
    report: Callable[[BaseException], str] = load(BUGS)
    sys.stderr.write(f"{report(problem.with_traceback(trace))}\n")
