"""A lab without a person: its recipes and deeds played in a run of their own, then released."""

from pathlib import Path
from types import TracebackType

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.notes import Output
from nepishell.engine.controller import ExperimentController
from nepishell.labs.parts import Lab
from nepishell.labs.seats import open_session
from nepishell.labs.session import Session
from nepishell.labs.variants import Variant
from nepishell.lang.call import Call


class Stage:
    """A run in which a lab is played; use it with `with`. *folder*: where the run is kept."""

    def __init__(self, lab: Lab, variant: Variant, folder: Path) -> None:
        self.ec = ExperimentController(f"lab-{lab.id}", folder)
        self.ctx = Context(ec=self.ec, jobs=Jobs(self.ec))
        self._interpreter = Interpreter(self.ctx)
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
