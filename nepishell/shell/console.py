"""What happens, above the prompt: folded, few lines at a time, never in the line being typed.

The bus only drops events into a bag of limited size; one thread empties it, at most four times
a second, and is the only one that prints what nobody typed for. Of many lines the first are shown,
the others are in the log; failures are always told.
"""

import logging
from collections.abc import Callable
from threading import Condition, Thread

from nepishell.commands.logs import Told
from nepishell.core.events import Event, Noted, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.folding import fold
from nepishell.output.style import Style

#: Seconds between two batches of lines, and how long the first event waits for its like.
PAUSE_S, GATHER_S = 0.25, 0.03
#: Lines of one batch, and failures for different reasons; the rest is counted.
MOST, MOST_FAILURES = 12, 40
#: Lines of one batch that are kept for the log; of a greater flood only the count is.
LOGGED = 5000

_log = logging.getLogger("nepishell.screen")
# what was held back is in the log at any level
_log.setLevel(logging.INFO)
FAILED = ResourceState.FAILED


def _level(state: ResourceState) -> str:
    """How much it matters to people that a resource came to *state*."""
    if state is FAILED:
        return "error"
    return "info" if state >= ResourceState.READY else "debug"


class Console:
    """Prints through *write*, a function that is safe while a prompt is up, what *told* covers."""

    def __init__(
        self,
        ec: ExperimentController,
        write: Callable[[str], None],
        style: Style,
        told: Told | None = None,
    ) -> None:
        self._ec = ec
        self._write = write
        self._told = told or Told("info")
        #: how lines look from now on
        self.style = style
        self._changed = Condition()
        self._moves: dict[int, StateChanged] = {}
        self._lines: list[str] = []
        self._held: list[str] = []
        self._held_back = 0
        self._closing = False
        self._thread = Thread(target=self._print_loop, name="nepishell-console", daemon=True)
        self._thread.start()
        self._unsubscribe = ec.bus.subscribe(self.see)

    def see(self, event: Event) -> None:
        """Take note of an event; on the bus's thread."""
        with self._changed:
            match event:
                case StateChanged(new=new) if self._told.covers(_level(new)):
                    self._moves[event.guid] = event
                case Noted(level=level) if self._told.covers(level):
                    # it is in the log already
                    self._add(f"{level}: {self._who(event.guid)}{event.text}", log=False)
                case RunAborted(guid=guid) if self._told.covers("error"):
                    self._add(f"{self._who(guid)}the run is aborted: nothing more will start")
                case _:
                    return
            self._changed.notify()

    def say(self, text: str) -> None:
        """A line of our own, from any thread."""
        with self._changed:
            self._add(text)
            self._changed.notify()

    def close(self) -> None:
        """Print what is left, then end the thread; idempotent."""
        if self._closing:
            return
        self._ec.bus.drain()
        self._unsubscribe()
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _add(self, line: str, *, log: bool = True) -> None:
        if len(self._lines) < MOST:
            self._lines.append(line)
            return
        self._held_back += 1
        if log and len(self._held) < LOGGED:
            self._held.append(line)

    def _who(self, guid: int) -> str:
        rm = self._ec.get_resource(guid)
        return f"{rm.name}: " if rm is not None else ""

    def _print_loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._moves or self._lines or self._closing)
                # those of one deployment come together: let them be one line
                self._changed.wait_for(lambda: self._closing, GATHER_S)
                lines, over = self._take(), self._closing
            if lines:
                self._write("\n".join(lines))
            if over:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._closing, PAUSE_S)

    def _take(self) -> list[str]:
        moves, self._moves = self._moves, {}
        lines, self._lines = self._lines, []
        over, self._held = self._held, []
        held, self._held_back = self._held_back, 0
        passed = self.folded([move for move in moves.values() if move.new is not FAILED])
        failed = self.failures([move for move in moves.values() if move.new is FAILED])
        over += passed[MOST:] + failed[MOST_FAILURES:]
        held += len(passed[MOST:]) + len(failed[MOST_FAILURES:])
        if over:
            _log.info("held back:\n%s", "\n".join(over))
        dots = "…" if self.style.glyphs else "..."
        plural = "s" if held > 1 else ""
        more = [self.style.paint(f"{dots} {held:,} more line{plural} in the log", "dim")]
        return [*lines, *passed[:MOST], *failed[:MOST_FAILURES], *(more if held else ())]

    def folded(self, moves: list[StateChanged]) -> list[str]:
        """One line for each state."""
        names: dict[ResourceState, list[str]] = {}
        for move in moves:
            names.setdefault(move.new, []).append(self._name(move.guid))
        return [self._line(fold(names[state]), state) for state in sorted(names)]

    def failures(self, moves: list[StateChanged]) -> list[str]:
        """One line for each reason."""
        names: dict[str, list[str]] = {}
        for move in moves:
            names.setdefault(move.reason, []).append(self._name(move.guid))
        return [self._line(fold(found), FAILED, reason) for reason, found in names.items()]

    def _name(self, guid: int) -> str:
        rm = self._ec.get_resource(guid)
        return rm.name if rm is not None else str(guid)

    def _line(self, who: str, state: ResourceState, reason: str = "") -> str:
        painted = self.style.paint(self.style.state(state), state.name)
        return f"{who}: {painted}" + (f": {reason}" if reason else "")
