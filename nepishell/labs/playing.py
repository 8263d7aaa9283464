"""A lab without a person: its recipes and deeds played in a run of their own, then released."""

from pathlib import Path
from types import TracebackType

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.notes import Output
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.labs.parts import Lab
from nepishell.labs.session import Session, open_session
from nepishell.labs.variants import Variant
from nepishell.lang.call import Call
from nepishell.lang.errors import LangError
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import read_recipe
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources


class Stage:
    """A run in which a lab is played; use it with `with`. *folder*: where the run is kept."""

    def __init__(self, lab: Lab, variant: Variant, folder: Path) -> None:
        self.ec = ExperimentController(f"lab-{lab.id}", folder)
        self.ctx = Context(ec=self.ec, jobs=Jobs(self.ec), source=self._source)
        self._interpreter = Interpreter(self.ctx)
        self._sources = Sources()
        self._script = Script(self._interpreter, self._sources)
        try:
            self.session: Session = open_session(self.ctx, lab, variant)
        except BaseException:
            self.ec.shutdown()
            raise

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.ec.shutdown()

    def calls(self, line: str) -> list[Call]:
        """What a line means here and now; raises LangError when it means nothing."""
        found = self._interpreter.walk(line)
        if found.error is not None:
            raise found.error
        return list(found.calls)

    def do(self, line: str) -> str:
        """Do one line; gives what was wrong with it in the end, ''. Raises NepishellError."""
        errors = [
            shown.result.error
            for shown in self._interpreter.run(line)
            if isinstance(shown.result, Output)
        ]
        return "; ".join(filter(None, errors))

    def _source(self, path: Path) -> None:
        """Play a recipe of the lab's; raises NepishellError that says in which line."""
        recipe = read_recipe(path)
        with self._sources.entered(recipe):
            self._script.play(recipe.statements(), self._play)

    def _play(self, statement: Statement) -> None:
        try:
            error = self.do(statement.text)
        except LangError as problem:
            place = statement.place(problem.column)
            raise NepishellError(f"{place}: {problem.message}") from None
        except NepishellError as problem:
            raise NepishellError(f"{statement.place()}: {problem}") from None
        if error:
            raise NepishellError(f"{statement.place()}: {error}")
