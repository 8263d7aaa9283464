"""What stands between two lines of a recipe that is played: the gaps of old, a question, an end."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from nepishell.batch.printer import Printer
from nepishell.commands.context import Context, Quit
from nepishell.commands.waiting import wait_time
from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.lang.lexer import Kind, tokenize
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe

_STAMP = re.compile(r"#\s*t\+(\d{1,9}(?:\.\d{1,9})?)s\s*")


class Pace(Protocol):
    """Asked before each statement."""

    def before(self, ctx: Context, statement: Statement) -> bool:
        """Return when its time has come, False when it is left out; raises Quit for the end."""


class AllOf:
    """Several paces, one after the other."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        self._paces = paces

    def before(self, ctx: Context, statement: Statement) -> bool:
        """Whether all want it done; those after one that does not are not asked."""
        return all(pace.before(ctx, statement) for pace in self._paces)


def stamp_of(statement: Statement) -> float | None:
    """When it was done, in seconds, as the comment after it says (`# t+1.5s`); None without one."""
    lexemes = tokenize("\n".join(statement.lines))
    last = lexemes[-1] if lexemes else None
    if last is None or last.kind is not Kind.COMMENT:
        return None
    found = _STAMP.fullmatch(last.text)
    return float(found[1]) if found else None


class Timed:
    """Keeps the gaps between lines that say when they were done, *speed* times as fast.

    Only the gaps that a person left are shorter then: conditions and waits are the experiment's.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if not 0 < speed < float("inf"):
            raise NepishellError(f"--speed {speed:g}: write a number above 0, as in --speed 2")
        self._speed = speed
        self._begin: tuple[float, float] | None = None

    def before(self, ctx: Context, statement: Statement) -> bool:
        """Wait for the moment that the statement says."""
        stamp = stamp_of(statement)
        if stamp is None:
            return True
        now = ctx.ec.clock.now()
        if self._begin is None:
            self._begin = (stamp, now)
        was, is_ = self._begin
        due = is_ + (stamp - was) / self._speed
        if due > now:
            wait_time(ctx, span=due - now)
        return True


def check_stamps(recipe: Recipe) -> None:
    """Raise NepishellError for a recipe of which no line says when it was done."""
    if all(stamp_of(statement) is None for statement in recipe.statements()):
        raise NepishellError(
            f"{recipe.file}: no line says when it was done (# t+1.5s): there are no gaps to keep; "
            "'recipe save' writes such lines"
        )


class Stepping:
    """Shows each statement and asks: Enter does it, s leaves it out, q ends the recipe.

    *spell*: the statement without its secrets.
    """

    def __init__(self, ask: Callable[[str], str], spell: Callable[[Statement], str]) -> None:
        self._ask = ask
        self._spell = spell

    def before(self, ctx: Context, statement: Statement) -> bool:
        """What the person wants; whoever cannot be asked any more wants the end."""
        place = statement.place()
        question = f"{place.file}:{place.line}: {self._spell(statement)}  [Enter, s skips, q ends] "
        while True:
            with ctx.waiting():
                answer = self._ask(question)
            match answer.strip().lower():
                case "" if answer:
                    return True
                case "s" | "skip":
                    return False
                case "" | "q" | "quit":
                    raise Quit


def asking(printer: Printer | None) -> Callable[[str], str]:
    """Asks at the terminal, by way of *printer*; raises NepishellError where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise NepishellError("--step asks before each line: it needs a terminal")

    def ask(question: str) -> str:
        assert printer is not None
        printer.ask(question)
        return sys.stdin.readline()

    return ask


class Until:
    """Ends the recipe before a place in it: `label NAME:`, or a line by its number."""

    def __init__(self, recipe: Recipe, where: str) -> None:
        self._file = recipe.file
        self._line = self._number(recipe, where) if where.isdigit() else 0
        self._label = "" if self._line else where.removesuffix(":")
        if self._label:
            self._check(list(labels_of(recipe.statements())))

    def _number(self, recipe: Recipe, where: str) -> int:
        last = len(recipe.text.splitlines())
        if not 1 <= int(where[:9]) <= last:
            raise NepishellError(f"--until {where}: {recipe.file} has {last} lines")
        return int(where)

    def _check(self, known: list[str]) -> None:
        if self._label in known:
            return
        hint = did_you_mean(self._label, known) or (
            f"; labels are {', '.join(known)}" if known else "; 'label NAME:' makes one"
        )
        raise NepishellError(f"--until {self._label}: no such label in {self._file}{hint}")

    def before(self, ctx: Context, statement: Statement) -> bool:
        """End the recipe where it has got there."""
        place = statement.place()
        if self._line and place.file == self._file and place.line >= self._line:
            raise Quit
        if self._label and self._label in labels_of([statement]):
            raise Quit
        return True


def labels_of(statements: Iterable[Statement]) -> Iterable[str]:
    """The places that `label NAME:` names."""
    for statement in statements:
        words = statement.text.split()
        if len(words) == 2 and words[0] == "label" and words[1].endswith(":"):
            yield words[1][:-1]
