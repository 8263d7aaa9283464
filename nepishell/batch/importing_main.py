"""`nepishell import`: an experiment of another program as a recipe, and what is not in it."""

import argparse
import sys
from pathlib import Path

from nepishell.batch.exits import Exit
from nepishell.batch.file_arguments import import_parser
from nepishell.batch.printer import Printer
from nepishell.batch.tidying_main import replace_file
from nepishell.core.errors import NepishellError
from nepishell.replay.check import check
from nepishell.replay.foreign.network import Network
from nepishell.replay.foreign.table import READERS, read_foreign
from nepishell.replay.foreign.writing import recipe_of
from nepishell.replay.recipe import Recipe, RecipeError


def main(argv: list[str]) -> int:
    """Write the recipe of one file or folder; returns the exit status."""
    given = import_parser(list(READERS)).parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr)
    try:
        return _import(given, printer)
    except RecipeError as problem:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
    return Exit.USAGE


def _import(given: argparse.Namespace, printer: Printer) -> int:
    network = read_foreign(Path(given.file), given.kind)
    text = recipe_of(network)
    if given.output:
        target = Path(given.output)
        if target.exists():
            raise NepishellError(f"{target}: is there already; give another name, or remove it")
        replace_file(target, text)
    else:
        sys.stdout.write(text)
    for left in network.left:
        printer.say(f"not carried over: {left}")
    if given.output:
        printer.say(f"{given.output}: {_size(network)}")
    problems = check(Recipe(given.output or "stdout", text), {}).problems
    for problem in problems:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
    return Exit.USAGE if problems else Exit.DONE


def _size(network: Network) -> str:
    sizes = (
        f"hosts {len(network.hosts)}",
        f"switches {len(network.switches)}",
        f"cables {len(network.cables)}",
        f"not carried over {len(network.left)}",
    )
    return ", ".join(sizes)
