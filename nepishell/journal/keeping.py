"""Keeps the journal of a controller: who began it, what was commanded, what came of it.

Commands and intents are on disk before they act; moves ride in the next batch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nepishell.core.events import Event, Intended
from nepishell.engine.controller import ExperimentController
from nepishell.journal.chain import VERSION
from nepishell.journal.machine import facts, login_name, this_process
from nepishell.journal.packing import pack
from nepishell.journal.vigil import Vigil
from nepishell.journal.writer import Writer

FILE = "journal.jsonl"
#: Doubts about the run that its last record tells.
_TOLD = 20


class RunJournal:
    """The journal of one run: what is commanded, and what happens."""

    def __init__(
        self,
        ec: ExperimentController,
        *,
        version: str,
        about: Mapping[str, Any] | None = None,
        goes_on: bool = False,
    ) -> None:
        """Of *ec*, from now on until it is shut down; raises JournalError.

        *version*: of the program that runs; *about*: what else the first record says. *goes_on*:
        another controller began it; listen() is called by who takes over then.
        """
        self._ec = ec
        self._writer = Writer(ec.run_dir / FILE)
        self._commands = 0
        self._vigil: Vigil | None = None
        holder = this_process()
        self._add(
            "resumed" if goes_on else "journal",
            {
                "version": VERSION,
                "exp": ec.exp_id,
                "run": ec.run_id,
                "seed": ec.seed,
                "nepishell": version,
                "pid": holder.pid,
                "start": holder.start_time,
                "boot": holder.boot,
                **facts(),
                **(about or {}),
            },
        )
        self._writer.commit()
        if not goes_on:
            self.listen()

    def listen(self, commands: int = 0) -> None:
        """Enter all that happens from now on; *commands*: how many there were before."""
        self._commands = commands
        # what was told until now is of before, or was described only to go on from there
        self._ec.bus.drain()
        self._ec.on_intent = self.intend
        self._ec.bus.subscribe_batches(self._see, self._end)
        if not self._ec.clock.virtual:
            self._vigil = Vigil(self._ec.fidelity)

    @property
    def writer(self) -> Writer:
        """The file."""
        return self._writer

    def command(self, line: str, who: str = "", *, acts: bool = True, does: str = "") -> int:
        """Enter a command before it acts; gives its number. *line*: secrets masked already.

        *does*: the kind of its effects. One that *acts* is on disk when this returns; raises
        JournalError when it cannot be.
        """
        self._commands += 1
        about = {"c": self._commands, "line": line, "who": who or login_name()}
        self._add("command", {**about, "does": does} if does else about)
        if acts:
            self._writer.commit()
        return self._commands

    def outcome(self, command: int, error: str = "") -> None:
        """What came of a command, entered after all that it did; *error*: why it failed, ''."""
        self._ec.bus.drain()
        self._add("outcome", {"c": command, "error": error} if error else {"c": command})

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Enter something else; *data* must not change any more."""
        self._add(kind, data)

    def happened(self, events: Sequence[Event]) -> None:
        """Enter events that no controller tells."""
        if events:
            self._add("events", {"e": pack(events)})

    def intend(self, event: Intended) -> None:
        """Enter what is about to be done outside this program, and wait until it is on disk."""
        self._ec.bus.drain()
        self._writer.commit()

    def close(self) -> None:
        """Write what waits. The journal of a controller that is shut down closes itself."""
        self._writer.close()

    def _see(self, events: list[Event]) -> None:
        self._writer.append("events", events[-1].at, {"e": pack(events)})

    def _end(self) -> None:
        if self._vigil is not None:
            self._vigil.close()
        doubts = [str(doubt) for doubt in self._ec.fidelity.doubts[:_TOLD]]
        told = {"doubts": doubts} if doubts else {}
        self._add("end", {"failures": self._ec.failure_level.name, **told})
        self._writer.close()

    def _add(self, kind: str, data: Mapping[str, Any]) -> None:
        self._writer.append(kind, self._ec.clock.now(), data)
