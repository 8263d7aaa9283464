"""`nepishell compare RUN RUN ...`: runs beside each other, without starting a controller."""

import sys

from nepishell.batch.arguments import compare_parser
from nepishell.batch.exits import Exit
from nepishell.batch.printer import Gone, Printer
from nepishell.commands.comparing import compared
from nepishell.commands.notes import Shown
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import default_local_dir
from nepishell.resources.table import register_all


def main(argv: list[str]) -> int:
    """Print what is different; returns the exit status."""
    given = compare_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr, json=given.json)
    register_all()
    try:
        printer.show(Shown(compared(given.runs, default_local_dir())))
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE
    except Gone:
        return Exit.PIPE
    return Exit.DONE
