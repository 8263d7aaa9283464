"""Sessions of somebody who types at a prompt, on a virtual clock; and recipes that play again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.deeds import Deeds, read_deeds
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.journaling import open_journal
from nepishell.commands.recipe_text import recipe_text
from nepishell.core.errors import NepishellError
from nepishell.core.events import AttributeSet, StateChanged
from nepishell.core.states import ResourceState
from nepishell.journal.runs import look
from nepishell.replay.reader import read_statements
from nepishell.testing import EventLog, advance, virtual


class Typist:
    """Types lines and waits between them; *waits*: as a recipe does."""

    def __init__(self, folder: Path, *, waits: bool = False) -> None:
        self.ec = virtual("typed", local_dir=folder, nthreads=1)
        self.log = EventLog(self.ec.bus)
        self.ctx = Context(ec=self.ec, jobs=Jobs(self.ec), waits=waits)
        self.ctx.journal = open_journal(self.ec, lambda text: None)
        self.ctx.remember()
        self._interpreter = Interpreter(self.ctx)

    def __call__(self, *lines: str, after: float = 0.0) -> None:
        """Type *lines*, the first *after* seconds; raises NepishellError."""
        advance(self.ec, after)
        for line in lines:
            self._interpreter.run(line)
            if not self.ctx.waits:
                advance(self.ec, 0.0)

    def tries(self, line: str) -> bool:
        """Whether *line* went well."""
        try:
            self(line)
        except NepishellError:
            return False
        return True

    def deeds(self) -> Deeds:
        self.ec.bus.drain()
        self.ctx.journal.writer.commit()
        return read_deeds(look(self.ec.run_dir).records())

    def recipe(self, *, timed: bool = False, mark: str = "") -> list[str]:
        """The lines of the effective recipe, without what they say of times."""
        self.deeds()
        text, _ = recipe_text(look(self.ec.run_dir), timed=timed, mark=mark)
        return [each.text for each in read_statements(text.splitlines(), "saved")]

    def graph(self) -> dict[str, object]:
        """Names -> type, values, connections; unlabelled ones by what they would be called."""
        ec = self.ec
        names = {guid: self.name(guid) for guid in ec.resources}
        return {
            names[guid]: (
                ec.managers[guid].rtype,
                {k: str(v) for k, v in sorted((ec.managers[guid]._values or {}).items())},
                sorted(names[other] for other in ec.connections(guid)),
                {trace.name: ec.trace_enabled(guid, trace.name) for trace in ec.get_traces(guid)},
            )
            for guid in ec.resources
        }

    def name(self, guid: int) -> str:
        rm = self.ec.managers[guid]
        return rm.label or f"{rm.rtype.rpartition(':')[2].lower()}{guid}"

    def conditions(self) -> set[tuple[object, ...]]:
        return {
            (self.name(guid), one.action, tuple(map(self.name, one.group)), one.state, one.delay)
            for guid in self.ec.resources
            for one in self.ec.conditions(guid)
        }

    def happened(self) -> list[tuple[float, str]]:
        """When who started or stopped, or changed while it ran."""
        states: dict[int, ResourceState] = {}
        found: list[tuple[float, str]] = []
        for event in self.log.events:
            guid = getattr(event, "guid", 0)
            if isinstance(event, StateChanged):
                states[guid] = event.new
                if event.new in (ResourceState.STARTED, ResourceState.STOPPED):
                    found.append((event.at, f"{self.name(guid)} {event.new.name}"))
            elif isinstance(event, AttributeSet) and states.get(guid) is ResourceState.STARTED:
                found.append((event.at, f"{self.name(guid)} {event.name}={event.value}"))
        return found


@contextmanager
def typist(folder: Path, *, waits: bool = False) -> Iterator[Typist]:
    found = Typist(folder, waits=waits)
    try:
        yield found
    finally:
        found.ec.shutdown()
