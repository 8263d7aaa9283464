"""`nepishell runs`: the runs kept on this machine, without starting a controller."""

import sys

from nepishell.batch.arguments import runs_parser
from nepishell.batch.exits import Exit
from nepishell.batch.printer import Printer
from nepishell.commands.notes import Shown
from nepishell.commands.runs import list_runs


def main(argv: list[str]) -> int:
    """Print the table; returns the exit status."""
    given = runs_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr, json=given.json)
    printer.show(Shown(list_runs(experiment=given.experiment)))
    return Exit.DONE
