"""`nepishell resume`: go on with a run whose controller was killed; `nepishell clean`: end it."""

import argparse
import importlib
import sys
from collections.abc import Callable

from nepishell.batch.arguments import clean_parser, resume_parser
from nepishell.batch.exits import Exit
from nepishell.batch.player import Options, Player, run
from nepishell.batch.printer import Printer
from nepishell.commands.resuming import Resumption, clean, go_on, orphan, prepare
from nepishell.core.errors import NepishellError
from nepishell.engine.adopting import Late
from nepishell.replay.recipe import Recipe, read_recipe

#: imported only where there is a terminal
_PROMPT = "nepishell.shell.going_on"


def main(argv: list[str]) -> int:
    """`nepishell resume [RUN]`: with a prompt, or with -c or a file without one."""
    given = resume_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr, json=given.json)
    try:
        recipe = _recipe(given)
        resumption = prepare(orphan(given.run))
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE
    late = Late(given.late)
    if recipe is None:
        serve: Callable[[Resumption, Late], int] = importlib.import_module(_PROMPT).go_on_here
        return serve(resumption, late)
    return _play(resumption, late, recipe, printer, given)


def _recipe(given: argparse.Namespace) -> Recipe | None:
    if given.lines is not None:
        return Recipe("-c", given.lines)
    if given.file is not None:
        return read_recipe(given.file)
    return None if sys.stdin is not None and sys.stdin.isatty() else Recipe("stdin", "")


def _play(
    resumption: Resumption, late: Late, recipe: Recipe, printer: Printer, given: argparse.Namespace
) -> int:
    def fill(player: Player) -> None:
        for line in go_on(player.ctx, resumption, player.execute, late):
            printer.say(line)

    options = Options(keep=given.keep, keep_going=given.keep_going, yes=given.yes)
    return run(options, printer, lambda player: player.play(recipe), (resumption.ec, fill))


def clean_main(argv: list[str]) -> int:
    """`nepishell clean [RUN]`: release what runs without a controller left."""
    given = clean_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr)
    try:
        for line in clean(given.run):
            printer.say(line)
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE
    return Exit.DONE
