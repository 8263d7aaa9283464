"""A run handed over: `nepishell export RUN FILE.zip`, and `nepishell open FILE.zip` elsewhere."""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from nepishell.batch.arguments import export_parser, open_parser
from nepishell.batch.exits import Exit
from nepishell.batch.printer import Gone, Printer
from nepishell.commands.bundles import SUFFIX, about_run, export_run
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.notes import Shown
from nepishell.commands.opened import context_of, looking_at
from nepishell.commands.signals import Signals, Stopped
from nepishell.commands.unpacking import facts, unpacked
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController, default_local_dir
from nepishell.journal.bundle import ORIGINAL, RECIPE, Bundle, BundleError
from nepishell.journal.bundling import files_of
from nepishell.journal.runs import Run, find
from nepishell.lang.credentials import MASK
from nepishell.lang.errors import LangError
from nepishell.output.records import Record
from nepishell.replay.recipe import Recipe, RecipeError, caret_under

#: what writes recipes with times
_TEXT = "nepishell.commands.recipe_text"
#: imported only where there is a terminal
_PROMPT = "nepishell.shell.past"
#: Seconds that a run may be said to have lasted: a thousand years.
_LONGEST_S = 3e10
_SUMMARY = {"lasted": "duration", "size": "size"}


def export_main(argv: list[str]) -> int:
    """`nepishell export RUN FILE.zip`; returns the exit status."""
    given = export_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr)

    def export() -> int:
        run = find(default_local_dir(), given.run)
        shown = Shown(export_run(run, Path(given.file), _progress(printer)))
        printer.progress("")
        printer.show(shown)
        return Exit.DONE

    return _guarded(printer, export, "nothing was written")


def open_main(argv: list[str]) -> int:
    """`nepishell open FILE.zip [-c LINES]`; returns the exit status."""
    given = open_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr, json=given.json)

    def look_at() -> int:
        with _found(given.file, _progress(printer)) as (run, about):
            printer.progress("")
            return _look(run, about, printer, given)

    return _guarded(printer, look_at)


def _guarded(printer: Printer, serve: Callable[[], int], done: str = "") -> int:
    """Whatever ends *serve*, it tidies up; *done*: what is said of one that was stopped."""
    try:
        with Signals() as signals, signals.waiting():
            return serve()
    except Gone:
        return Exit.PIPE
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE
    except Stopped as stopped:
        printer.say(f"{stopped.word}: {done}" if done else stopped.word)
        return 128 + stopped.signum


def _progress(printer: Printer) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if printer.shows_progress:
            printer.progress(f"{100 * done // max(1, total)} % of {total >> 20} MiB")

    return tell


@contextmanager
def _found(name: str, progress: Callable[[int, int], None]) -> Iterator[tuple[Run, dict[str, Any]]]:
    """The run in a bundle, or one that is kept on this machine, and its facts."""
    path = Path(name)
    if path.suffix == SUFFIX or path.exists():
        with unpacked(path, progress) as found:
            yield found
        return
    run = find(default_local_dir(), name)
    yield run, about_run(run) | {"files": len(files_of(run.path)), "size": run.size}


def _look(run: Run, about: dict[str, Any], printer: Printer, given: argparse.Namespace) -> int:
    with looking_at(run) as (ec, warnings):
        for warning in warnings:
            printer.say(warning)
        if given.lines is not None:
            return _play(Recipe("-c", given.lines), Interpreter(context_of(ec, run)), printer)
        printer.show(Shown(_summary(ec, about)))
        if given.json or not (sys.stdin is not None and sys.stdin.isatty()):
            return Exit.DONE
        serve: Callable[[ExperimentController, Run], int]
        serve = importlib.import_module(_PROMPT).look_here
        return serve(ec, run)


def _summary(ec: ExperimentController, about: dict[str, Any]) -> Record:
    known = {name: about.get(name) for name in ("experiment", "run", "began", "lasted", "outcome",
                                                "nepishell", "seed", "files", "size")}  # fmt: skip
    lasted = known["lasted"]
    if not (isinstance(lasted, int | float) and 0 <= lasted < _LONGEST_S):
        known["lasted"] = None
    return Record({**known, "resources": len(ec.resources)}, _SUMMARY, "the past of a run")


def _play(recipe: Recipe, interpreter: Interpreter, printer: Printer) -> int:
    try:
        for statement in recipe.statements():
            for shown in interpreter.run(statement.text):
                printer.show(shown)
    except LangError as problem:
        place = statement.place(problem.column)
        caret = caret_under(statement.source_line(place), place.column, problem.length)
        printer.say(f"{place}: {problem.message}\n{caret}".rstrip())
        return Exit.USAGE
    except RecipeError as problem:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
        return Exit.USAGE
    except NepishellError as problem:
        printer.say(f"{statement.place()}: {problem}")
        return Exit.FAILED
    return Exit.DONE


def _without_exports(recipe: Recipe) -> Recipe:
    """What wrote the bundle is not done again; places in the recipe stay."""
    exports = [
        (statement, 0, len(statement.text), "")
        for statement in recipe.statements()
        if statement.text.split()[0] == "export"
    ]
    return replace(recipe, text=recipe.rewritten(exports))


class Again(NamedTuple):
    """How to do again what a run did."""

    recipe: Recipe
    seed: int | None
    parameters: dict[str, str]


def recipe_in(path: Path) -> Again:
    """What is in the bundle *path*: the recipe its run was begun from, if that was all that was
    played, else what was done in it. Raises BundleError.
    """
    with Bundle(path) as bundle:
        bundle.verify()
        about = facts(bundle)
        name = ORIGINAL if about.get("whole") is True and ORIGINAL in bundle.names else RECIPE
        text = bundle.text(name)
    if not text.strip():
        raise BundleError(f"{path}: there is no recipe in it")
    seed, given = about.get("seed"), about.get("parameters")
    parameters = given if name == ORIGINAL and isinstance(given, dict) else {}
    return Again(
        _without_exports(Recipe(f"{path.name}:{name}", text)),
        seed if isinstance(seed, int) else None,
        {str(name): str(value) for name, value in parameters.items() if value != MASK},
    )


def timed_recipe_in(path: Path) -> Again:
    """What was done in the bundle *path*, each line with its time; raises BundleError."""
    with unpacked(path) as (run, about):
        text, count = importlib.import_module(_TEXT).recipe_text(run)
    if not count:
        raise BundleError(f"{path}: there is nothing in it to do again")
    seed = about.get("seed")
    return Again(Recipe(f"{path.name}:{RECIPE}", text), seed if isinstance(seed, int) else None, {})
