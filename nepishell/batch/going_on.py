"""`nepishell run FILE --resume`: on with what a recipe that failed has left, from where it stopped.

What was done is read from the journal and compared with the recipe, line by line, before anything
is taken over: a recipe that begins otherwise is refused, and all stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nepishell.batch.player import FAILED, Player
from nepishell.batch.printer import Printer
from nepishell.commands.context import Context
from nepishell.commands.resuming import Resumption, go_on, prepare
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.chain import Record
from nepishell.journal.runs import Fate, Run, runs
from nepishell.lang.credentials import MASK
from nepishell.replay.check import Checker
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe, RecipeError, locate

_PARAM = "param"


@dataclass(slots=True)
class Stopped:
    """A run that stopped in the middle of a recipe: *done* lines went well, *given* parameters."""

    run: Run
    done: list[str]
    given: dict[str, str]


def stopped(recipe: Recipe, local_dir: Path) -> Stopped:
    """The last run of *recipe*, to go on with; raises NepishellError."""
    name = Path(recipe.file).name
    for run in reversed(runs(local_dir)):
        if run.fate is Fate.BROKEN:
            continue
        records = [record for record in run.records() if record.kind != "events"]
        entered = next((r.data for r in records if r.kind == "recipe"), {})
        if entered.get("file") != name:
            continue
        if run.fate is not Fate.ORPHANED:
            is_over = run.fate is Fate.ENDED
            why = "has ended, and all was released" if is_over else "is still running"
            hint = "; 'nepishell run FILE --leave' keeps what a failure leaves" if is_over else ""
            raise NepishellError(f"run {run.run_id} of {name} {why}: nothing to go on with{hint}")
        given = entered.get("given")
        values = given if isinstance(given, dict) else {}
        return Stopped(
            run, list(done_in(records)),
            {str(key): str(value) for key, value in values.items() if value != MASK},
        )  # fmt: skip
    raise NepishellError(f"no run of {name} is kept here: nothing to go on with")


def done_in(records: Iterable[Record]) -> Iterator[str]:
    """The lines of the recipe itself that went well, as far as the first that did not."""
    found: list[str] = []
    waiting: dict[object, str] = {}
    repeated, has_failed = 0, False
    for record in records:
        number = record.data.get("c")
        if record.kind == "resumed":
            # parameters are set again by who goes on
            repeated, has_failed = sum(line.split()[0] == _PARAM for line in found), False
            waiting.clear()
        elif record.kind == FAILED:
            # it was done, and what it gave was wrong
            if found and not (waiting or has_failed):
                found.pop()
                has_failed = True
        elif record.kind == "command":
            waiting[number] = str(record.data.get("line", ""))
        elif record.kind == "outcome" and number in waiting:
            line = waiting.pop(number)
            has_failed = has_failed or (not waiting and bool(record.data.get("error")))
            # what is done while another goes on is of a recipe that it plays
            if waiting or has_failed:
                continue
            if repeated and line.split()[0] == _PARAM:
                repeated -= 1
                continue
            found.append(line)
    yield from found


def check_begins_so(recipe: Recipe, before: Stopped, parameters: dict[str, str]) -> None:
    """Raise NepishellError, naming the first difference, unless *recipe* begins with what was done.

    Nothing of the run is touched.
    """
    with ExperimentController() as ec:
        comparing = _Comparing(ec, parameters, before.done)
        comparing.check(recipe)
        comparing.forget()
    if comparing.difference is not None:
        raise comparing.difference
    if comparing.left:
        raise NepishellError(
            f"{recipe.file} ends before what was done: '{comparing.left[-1]}' is not in it any "
            f"more; run {before.run.run_id} was not touched"
        )


class _Comparing(Checker):
    """Describes what a recipe does, line by line, and compares it with what was *done*."""

    def __init__(
        self, ec: ExperimentController, parameters: dict[str, str], done: list[str]
    ) -> None:
        super().__init__(ec, parameters)
        self.left = list(reversed(done))
        self.difference: RecipeError | None = None
        self._in_sources = 0

    def _source(self, path: Path) -> None:
        self._in_sources += 1
        try:
            super()._source(path)
        finally:
            self._in_sources -= 1

    def _one(self, statement: Statement) -> None:
        # what a file does that is played as one command is that command
        if self.left and self.difference is None and not self._in_sources:
            done = self.left.pop()
            found = self._interpreter.walk(statement.text)
            now = {" ".join(statement.text.split())}
            if found.error is None:
                now.add("; ".join(self._interpreter.spell(call) for call in found.calls))
            if done not in now:
                self.difference = locate(
                    statement,
                    f"this is not what was done: '{done}'; nothing was touched",
                    secrets=found.secret_words,
                )
        super()._one(statement)


class After:
    """Leaves out the first *count* statements, which were done; parameters are set again."""

    def __init__(self, count: int) -> None:
        self._left = count

    def before(self, ctx: Context, statement: Statement) -> bool:
        """Whether it is to be done."""
        if self._left == 0:
            return True
        self._left -= 1
        return statement.text.split()[0] == _PARAM


class Going:
    """A run that goes on: its controller, and what fills it once a player is there."""

    def __init__(self, before: Stopped, printer: Printer) -> None:
        self._resumption: Resumption = prepare(before.run)
        self._before = before
        self._printer = printer
        self.ec = self._resumption.ec

    def fill(self, player: Player) -> None:
        """Let it go on."""
        for line in go_on(player.ctx, self._resumption, player.execute):
            self._printer.say(line)
        count = len(self._before.done)
        self._printer.say(f"going on after {count} lines that were done")
