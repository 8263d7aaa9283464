"""What happens, above the prompt: folded, few lines at a time, never in the line being typed.

The bus only drops events into a bag; one thread empties it, at most four times a second, and is
the only one that prints what nobody typed for.
"""

from collections.abc import Callable
from threading import Condition, Thread

from nepishell.core.events import Event, Noted, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.folding import fold
from nepishell.output.style import Style

#: Seconds between two batches of lines, and how long the first event waits for its like.
PAUSE_S, GATHER_S = 0.25, 0.03
#: Lines of one batch; the rest is counted.
MOST = 12


class Console:
    """Prints through *write*, a function that is safe while a prompt is up."""

    def __init__(
        self, ec: ExperimentController, write: Callable[[str], None], style: Style
    ) -> None:
        self._ec = ec
        self._write = write
        self._style = style
        self._changed = Condition()
        self._moves: dict[int, StateChanged] = {}
        self._lines: list[str] = []
        self._held_back = 0
        self._closing = False
        self._thread = Thread(target=self._print_loop, name="nepishell-console", daemon=True)
        self._thread.start()
        self._unsubscribe = ec.bus.subscribe(self.see)

    def see(self, event: Event) -> None:
        """Take note of an event; on the bus's thread."""
        with self._changed:
            match event:
                case StateChanged(new=new) if new >= ResourceState.READY:
                    self._moves[event.guid] = event
                case Noted(level="warning" | "error" as level):
                    self._add(f"{level}: {self._who(event.guid)}{event.text}")
                case RunAborted(guid=guid):
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

    def _add(self, line: str) -> None:
        if len(self._lines) < MOST:
            self._lines.append(line)
        else:
            self._held_back += 1

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
        held, self._held_back = self._held_back, 0
        folded = self.folded(list(moves.values()))
        held += max(0, len(folded) - MOST)
        more = [self._style.paint(f"... and {held} lines more, see log.txt", "dim")] if held else []
        return [*lines, *folded[:MOST], *more]

    def folded(self, moves: list[StateChanged]) -> list[str]:
        """One line for each state, and one for each failure."""
        names: dict[ResourceState, list[str]] = {}
        failures = []
        for move in moves:
            rm = self._ec.get_resource(move.guid)
            name = rm.name if rm is not None else str(move.guid)
            if move.new is ResourceState.FAILED:
                failures.append(self._line(name, move.new, move.reason))
            else:
                names.setdefault(move.new, []).append(name)
        return [*(self._line(fold(names[state]), state) for state in sorted(names)), *failures]

    def _line(self, who: str, state: ResourceState, reason: str = "") -> str:
        painted = self._style.paint(self._style.state(state), state.name)
        return f"{who}: {painted}" + (f": {reason}" if reason else "")
