"""`nepishell check`: everything that is wrong with recipes, for people or, as JSON, for editors.

One object per problem and line: `file`, `line`, `column`, `end_column` (from 1; the end is the
first column that is not to blame), `severity` (`error`, `warning` or `info`), `message`, and
`suggestion`: what to write between the columns instead, or null. What is about a file as a whole
stands at line 1, column 1.
"""

import argparse
import json
import re
import sys
from typing import Any

from nepishell.batch.exits import Exit
from nepishell.batch.file_arguments import check_parser
from nepishell.batch.main import assignment
from nepishell.batch.printer import Printer
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.replay.check import FOLLOWS, Checker, check
from nepishell.replay.recipe import Recipe, RecipeError, read_recipe, read_stdin
from nepishell.replay.shelf import find_recipe

STDIN = "-"
ERROR, WARNING, INFO = "error", "warning", "info"
_MEANT = re.compile(r"; did you mean '([^']*)'\?\Z")


def main(argv: list[str]) -> int:
    """Check each file; returns the exit status."""
    given = check_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr)
    try:
        parameters = dict(assignment(text) for text in given.param)
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE
    results = [_check(name, given, parameters, printer) for name in given.files]
    return Exit.DONE if all(results) else Exit.USAGE


def _check(
    name: str, given: argparse.Namespace, parameters: dict[str, str], printer: Printer
) -> bool:
    """Check one file and tell; whether nothing is wrong with it."""
    try:
        recipe = _recipe(name, given)
        checked = check(recipe, parameters)
    except NepishellError as problem:
        return _tell_unreadable(name, str(problem), printer, json=given.json)
    for found, severity in findings(checked):
        if given.json:
            _write(as_json(recipe.file, found, severity))
        else:
            text = f"{found.place}: warning: {found.what}" if severity == WARNING else found
            printer.say(f"{text}\n{found.caret}".rstrip())
    if not (given.json or checked.problems):
        printer.say(f"{recipe.file}: {checked.statements} commands, nothing wrong")
    return not checked.problems


def _recipe(name: str, given: argparse.Namespace) -> Recipe:
    if name != STDIN:
        return read_recipe(find_recipe(name, recipe_folders()))
    return read_stdin(given.name)


def _tell_unreadable(name: str, message: str, printer: Printer, *, json: bool) -> bool:
    if json:
        _write(_problem(name, ERROR, message))
    else:
        printer.say(f"nepishell: {message}")
    return False


def _write(problem: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(problem, ensure_ascii=False)}\n")


def findings(checked: Checker) -> list[tuple[RecipeError, str]]:
    """What was found, with its severity: in the order of the lines, the whole file last."""
    found = [(each, INFO if each.what.endswith(FOLLOWS) else ERROR) for each in checked.problems]
    return sorted([*found, *((each, WARNING) for each in checked.destroys)], key=_where)


def _where(found: tuple[RecipeError, str]) -> tuple[bool, str, int, int]:
    place = found[0].place
    return (False, place.file, place.line, place.column) if place else (True, "", 0, 0)


def as_json(file: str, problem: RecipeError, severity: str) -> dict[str, Any]:
    """The object of a problem with *file*, or with one that it plays."""
    place = problem.place
    if place is None:
        return _problem(file, severity, problem.what.removeprefix(f"{file}: "))
    meant = _MEANT.search(problem.what)
    # a statement may go on in the next line, what is pointed at does not
    rest = len(problem.caret.partition("\n")[0]) - len("    ") - place.column + 1
    return _problem(
        place.file, severity, problem.what, place.line, place.column,
        place.column + max(1, min(problem.length, rest)), meant[1] if meant else None,
    )  # fmt: skip


def _problem(
    file: str, severity: str, message: str, line: int = 1, column: int = 1, end: int = 1,
    suggestion: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "file": file, "line": line, "column": column, "end_column": end, "severity": severity,
        "message": message, "suggestion": suggestion,
    }  # fmt: skip
