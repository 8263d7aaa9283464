"""The command lines that need no terminal: `run FILE`, `-c LINES`, and lines on standard input."""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

from nepishell.batch.arguments import parser_for
from nepishell.batch.entering import enter
from nepishell.batch.exits import Exit
from nepishell.batch.pacing import AllOf, Pace, Stepping, Timed, Until, asking, check_stamps
from nepishell.batch.parameters import show_parameters
from nepishell.batch.player import Options, Player, run
from nepishell.batch.printer import Printer
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import default_local_dir
from nepishell.replay.check import check, unknown_parameter
from nepishell.replay.reader import Unfinished, read_statements
from nepishell.replay.recipe import Recipe, RecipeError, caret_under, read_recipe
from nepishell.replay.shelf import find_recipe

#: A run that was handed over; reading one loads what few recipes need.
_BUNDLE, _OPENING = ".zip", "nepishell.batch.opening"
#: Imported where a recipe that failed goes on.
_GOING = "nepishell.batch.going_on"
#: Imported where nothing is built.
_DRY = "nepishell.batch.dry"


def main(argv: list[str]) -> int:
    """`nepishell run FILE ...`; returns the exit status."""
    given = parser_for("nepishell run", file=True).parse_args(argv)
    return _guarded(lambda printer: _run_file(given, printer), given)


def main_without_file(argv: list[str]) -> int:
    """`nepishell -c LINES ...`, or commands on standard input; returns the exit status."""
    given = parser_for("nepishell", file=False).parse_args(argv)
    if given.lines is None:
        return _guarded(lambda printer: _run_stdin(given, printer), given)
    recipe = Recipe("-c", given.lines)
    return _guarded(lambda printer: _run_recipe(recipe, given, printer), given)


def _guarded(serve: Callable[[Printer], int], given: argparse.Namespace) -> int:
    printer = Printer(
        sys.stdout, sys.stderr, json=given.json, verbose=given.verbose, plain=given.plain,
        quiet=getattr(given, "quiet", False),
    )  # fmt: skip
    try:
        return serve(printer)
    except NepishellError as problem:
        printer.say(f"nepishell: {problem}")
        return Exit.USAGE


def _options(given: argparse.Namespace) -> Options:
    return Options(
        parameters=dict(assignment(text) for text in given.param),
        keep=given.keep,
        keep_going=given.keep_going,
        yes=given.yes,
        seed=given.seed,
    )


def assignment(text: str) -> tuple[str, str]:
    """NAME and VALUE of `--param NAME=VALUE`; raises NepishellError."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise NepishellError(f"--param '{text}' is not NAME=VALUE, as in --param delay=50ms")
    return name, value


def _run_file(given: argparse.Namespace, printer: Printer) -> int:
    _check_modes(given)
    path = find_recipe(given.file, recipe_folders())
    if path.suffix == _BUNDLE:
        opening = importlib.import_module(_OPENING)
        found = opening.timed_recipe_in if given.timed else opening.recipe_in
        recipe, seed, parameters = found(path)
        given.seed = seed if given.seed is None else given.seed
        # of two with the same name the last one counts
        given.param = [*(f"{name}={value}" for name, value in parameters.items()), *given.param]
        printer.say(f"{path}: doing again what was done in it, on this machine")
    else:
        recipe = read_recipe(path)
    if given.help_params:
        return show_parameters(recipe, printer)
    return _run_recipe(recipe, given, printer)


def _run_recipe(recipe: Recipe, given: argparse.Namespace, printer: Printer) -> int:
    options = _options(given)
    if getattr(given, "dry", False):
        rehearsed: Callable[..., int] = importlib.import_module(_DRY).rehearsed
        return rehearsed(recipe, options.parameters, printer)
    paces = list(_paces(recipe, given))
    going = importlib.import_module(_GOING) if getattr(given, "resume", False) else None
    before = going.stopped(recipe, default_local_dir()) if going is not None else None
    if before is not None:
        options = replace(options, parameters={**before.given, **options.parameters})
    # a mistake in the last line should not cost the minutes before it
    checked = check(recipe, options.parameters)
    is_check = getattr(given, "check", False)
    problems = checked.problems + ([] if is_check or given.yes else checked.destroys)
    for problem in problems:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
    if problems:
        return Exit.USAGE
    if is_check:
        printer.say(f"{recipe.file}: {checked.statements} commands, nothing wrong")
        return Exit.DONE

    def play(player: Player) -> None:
        if getattr(given, "step", False):
            paces.append(Stepping(asking(printer), player.spell))
        player.pace = AllOf(paces) if paces else None
        if before is None:
            enter(player.ctx, recipe, checked, options.parameters)
        player.ctx.hidden = frozenset(checked.hidden)
        player.play(recipe)

    # a script reads what failed where it failed; a person wants to know how it went
    asked = getattr(given, "summary", False)
    is_seen = printer.shows_progress and "file" in given and not printer.is_json
    leave = getattr(given, "leave", False) or before is not None
    options = replace(options, summary=asked or (is_seen and not given.quiet), leave=leave)
    if going is None or before is None:
        return run(options, printer, play)
    try:
        going.check_begins_so(recipe, before, options.parameters)
    except RecipeError as problem:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
        return Exit.USAGE
    paces.insert(0, going.After(len(before.done)))
    found = going.Going(before, printer)
    return run(options, printer, play, (found.ec, found.fill))


def _check_modes(given: argparse.Namespace) -> None:
    """Refuse what does not go together; raises NepishellError."""
    if given.speed is not None and not given.timed:
        raise NepishellError(f"--speed {given.speed:g} is for --timed: nothing else has gaps")
    if given.keep_going and (given.leave or given.resume):
        raise NepishellError("--keep-going goes on after a failure: --leave and --resume do not")
    if given.quiet and given.summary:
        raise NepishellError("--quiet and --summary: choose one")
    building = [name for name in ("step", "timed", "until", "keep", "leave", "resume", "summary")
                if getattr(given, name)]  # fmt: skip
    if given.dry and building:
        raise NepishellError(f"--dry builds nothing: leave out --{building[0]}")
    if given.step:
        asking(None)


def _paces(recipe: Recipe, given: argparse.Namespace) -> Iterator[Pace]:
    """What stands between the lines, but for questions; raises NepishellError."""
    if getattr(given, "until", None) is not None:
        yield Until(recipe, given.until)
    if getattr(given, "timed", False):
        check_stamps(recipe)
        yield Timed(1.0 if given.speed is None else given.speed)


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
