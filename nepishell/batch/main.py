"""The command lines that need no terminal: `run FILE`, `-c LINES`, and lines on standard input."""

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

from nepishell.batch.check import check, unknown_parameter
from nepishell.batch.exits import Exit
from nepishell.batch.player import Options, Player, run
from nepishell.batch.printer import Printer
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.replay.reader import Unfinished, read_statements
from nepishell.replay.recipe import Recipe, RecipeError, caret_under, read_recipe
from nepishell.replay.shelf import find_recipe


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(Exit.USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def _parser(prog: str, *, file: bool) -> _Parser:
    parser = _Parser(prog=prog, allow_abbrev=False, description=_DESCRIPTION, epilog=_EPILOG,
                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    if file:
        parser.add_argument("file", metavar="FILE", help="a recipe, by path or shipped name")
        parser.add_argument("--check", action="store_true", help="check the recipe, run nothing")
    else:
        parser.add_argument("-c", metavar="LINES", dest="lines", help="play these commands")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[],
                        help="give a parameter of the recipe another value")  # fmt: skip
    parser.add_argument("--json", action="store_true",
                        help="print each result as one line of JSON")  # fmt: skip
    parser.add_argument("--keep", action="store_true",
                        help="do not release at the end, but when interrupted")  # fmt: skip
    parser.add_argument("--keep-going", action="store_true", help="go on after an error")
    parser.add_argument("--yes", action="store_true", help="answer yes to every question")
    parser.add_argument("--seed", type=int, help="of everything random in the run")
    parser.add_argument("-v", "--verbose", action="store_true",
                        help="also say what each command did")  # fmt: skip
    return parser


_DESCRIPTION = "Play commands, release what they built, and tell by the exit status how it went."
_EPILOG = """\
exit status: 0 done, 1 the experiment failed, 2 usage or syntax, 3 timeout, 130 interrupted
results go to standard output, messages to standard error"""


def main(argv: list[str]) -> int:
    """`nepishell run FILE ...`; returns the exit status."""
    given = _parser("nepishell run", file=True).parse_args(argv)
    return _guarded(lambda printer: _run_file(given, printer), given)


def main_without_file(argv: list[str]) -> int:
    """`nepishell -c LINES ...`, or commands on standard input; returns the exit status."""
    given = _parser("nepishell", file=False).parse_args(argv)
    if given.lines is None:
        return _guarded(lambda printer: _run_stdin(given, printer), given)
    recipe = Recipe("-c", given.lines)
    return _guarded(lambda printer: _run_recipe(recipe, given, printer), given)


def _guarded(serve: Callable[[Printer], int], given: argparse.Namespace) -> int:
    printer = Printer(sys.stdout, sys.stderr, json=given.json, verbose=given.verbose)
    try:
        return serve(printer)
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE


def _options(given: argparse.Namespace) -> Options:
    return Options(
        parameters=dict(_assignment(text) for text in given.param),
        keep=given.keep,
        keep_going=given.keep_going,
        seed=given.seed,
    )


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise NepishellError(f"--param '{text}' is not NAME=VALUE, as in --param delay=50ms")
    return name, value


def _run_file(given: argparse.Namespace, printer: Printer) -> int:
    recipe = read_recipe(find_recipe(given.file, recipe_folders()))
    return _run_recipe(recipe, given, printer)


def _run_recipe(recipe: Recipe, given: argparse.Namespace, printer: Printer) -> int:
    options = _options(given)
    # a mistake in the last line should not cost the minutes before it
    checked = check(recipe, options.parameters)
    for problem in checked.problems:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
    if checked.problems:
        return Exit.USAGE
    if getattr(given, "check", False):
        printer.say(f"{recipe.file}: {checked.statements} commands, nothing wrong")
        return Exit.DONE
    return run(options, printer, lambda player: player.play(recipe))


def _run_stdin(given: argparse.Namespace, printer: Printer) -> int:
    options = _options(given)
    # a closed standard input is None
    lines = sys.stdin or ()

    def play_all(player: Player) -> None:
        try:
            player.play_lines(read_statements(lines, "stdin"))
        except Unfinished as problem:
            caret = caret_under(problem.line, problem.place.column, 1)
            raise RecipeError(f"{problem.place}: {problem}", caret) from None
        unknown = unknown_parameter("stdin", player.ctx)
        if unknown is not None:
            raise unknown

    return run(options, printer, play_all)
