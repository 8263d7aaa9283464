"""Watch: what a command shows, again whenever something happens, on the whole screen.

It is a program on the person's terminal like any other, only that it runs in here: events and the
clock say that it has something new, and it is made when it is read, in the person's thread.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from threading import Event as Signal
from threading import Thread
from time import monotonic

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, Shown, note
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event
from nepishell.core.units import format_duration
from nepishell.lang.call import Call
from nepishell.lang.registry import LOOK, command, commands
from nepishell.output.cells import cut
from nepishell.output.marks import Changes
from nepishell.output.records import Records
from nepishell.output.render import render
from nepishell.output.style import Style

#: Seconds between two looks for the sake of events, and for the sake of time.
PAUSE_S, CLOCK_S = 0.25, 1.0
#: A screen that takes long to make is made so many times more seldom.
SHARE = 5
#: Seconds for which a changed cell is marked.
MARKED_S = 2.5
_GROUPS = frozenset({"look", "check", "journal"})
#: They last, or do something that nobody wants done again and again.
_REFUSED = frozenset({"watch", "log follow", "log level", "trace follow", "timeline save"})
#: What they show changes by time, or by bytes that nobody tells of.
_BY_TIME = frozenset({"status", "tasks", "timeline", "why", "get", "trace", "trace show", "plan"})
_LEAVE = frozenset("qQ\x03\x04\x1b")
_UP, _DOWN = ("\x1b[A", "\x1bOA", "k"), ("\x1b[B", "\x1bOB", "j")
_PAGE_UP, _PAGE_DOWN = ("\x1b[5~", "b"), ("\x1b[6~", " ")


@command("watch <line:command>", effects=LOOK, group="look")
def watch(ctx: Context, *, line: Call) -> Note:
    """Show what a command shows whenever something happens, changes marked; `q` or Ctrl-C ends it.

    watch list
    watch list | where state=FAILED
    watch status
    """
    _refuse(ctx, line)
    if ctx.attach is None:
        raise NepishellError(
            f"'watch' needs a terminal; without one, 'every 1s {ctx.spell(line)}' or 'log follow'"
        )
    began = monotonic()
    # as in a task: what is shown is the experiment of now, and nobody is asked
    inside = replace(ctx, stream=None, attach=None)

    def look() -> Shown:
        shown = ctx.perform(inside, line)
        assert isinstance(shown, Shown)  # it goes into no file
        return shown

    def start(rows: int, cols: int) -> Watching:
        return Watching(ctx, line, look, rows, cols)

    with ctx.waiting():
        ctx.attach(start)
    took = format_duration(round(monotonic() - began, 1))
    return note(f"watched for {took}; the experiment goes on")


def _refuse(ctx: Context, line: Call) -> None:
    """Raise NepishellError for what cannot be looked at again and again."""
    found = commands.commands[line.command]
    if found.effects is not LOOK or found.group not in _GROUPS or found.name in _REFUSED:
        raise NepishellError(
            f"'{found.name}' cannot be watched: only what shows something and changes nothing, "
            f"as in 'watch list'"
        )
    if line.redirect is not None or line.background:
        raise NepishellError("what is watched is on the screen; leave out the '>' and the '&'")


class Watching:
    """Implements nepishell.hosts.base.Terminal. *look*: gives what is to be shown now."""

    def __init__(
        self, ctx: Context, line: Call, look: Callable[[], Shown], rows: int, cols: int
    ) -> None:
        self._ctx = ctx
        self._look = look
        self._title = ctx.spell(line)
        self._rows, self._cols = rows, cols
        self._changes = Changes(monotonic, MARKED_S)
        self._top, self._pause = 0, PAUSE_S
        self._is_begun = self._is_over = False
        self._by_time = line.command in _BY_TIME
        self._bell = os.eventfd(1, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._news, self._stopped = Signal(), Signal()
        self._unsubscribe = ctx.ec.bus.subscribe_batches(self._hear)
        self._thread = Thread(target=self._ring, name="nepishell-watch", daemon=True)
        self._thread.start()

    # -- as a terminal -------------------------------------------------------------------------

    def fileno(self) -> int:
        """Readable when there may be something new."""
        return self._bell

    def read(self) -> bytes:
        """The screen as it should be now; b"" when the person has left."""
        os.eventfd_read(self._bell)
        if self._is_over:
            return b""
        # the other screen, no cursor, and lines that are cut instead of wrapped
        begin = "" if self._is_begun else "\x1b[?1049h\x1b[?25l\x1b[?7l"
        self._is_begun = True
        return f"{begin}{self._frame()}".encode(errors="replace")

    def write(self, data: bytes) -> None:
        """Keys: q, Ctrl-C and others leave; arrows and pages move."""
        keys = data.decode(errors="replace")
        step = {_UP: -1, _DOWN: 1, _PAGE_UP: -self._room, _PAGE_DOWN: self._room}
        moved = sum(by for names, by in step.items() if keys in names)
        if moved:
            self._top = max(0, self._top + moved)
        elif keys and keys[0] in _LEAVE and (len(keys) == 1 or keys[0] != "\x1b"):
            self._is_over = True
        os.eventfd_write(self._bell, 1)

    def resize(self, rows: int, cols: int) -> None:
        """The window has this size now."""
        self._rows, self._cols = rows, cols
        os.eventfd_write(self._bell, 1)

    def close(self) -> int:
        """Watch no more; idempotent."""
        if not self._stopped.is_set():
            self._unsubscribe()
            self._stopped.set()
            self._news.set()
            self._thread.join()
            os.close(self._bell)
        return 0

    # -- when -----------------------------------------------------------------------------------

    def _hear(self, events: list[Event]) -> None:
        """On the bus's thread."""
        self._news.set()

    def _ring(self) -> None:
        """Tell that there is something new, not too often."""
        while not self._stopped.is_set():
            self._news.wait(self._longest())
            self._news.clear()
            if self._stopped.is_set():
                return
            os.eventfd_write(self._bell, 1)
            self._stopped.wait(self._pause)

    def _longest(self) -> float | None:
        """Seconds until there is something new without an event; None: never."""
        if self._by_time or not self._is_begun:
            return CLOCK_S
        return CLOCK_S if self._changes.are_shown else None

    # -- what -----------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        """Rows below the title."""
        return max(1, self._rows - 1)

    def _frame(self) -> str:
        began = monotonic()
        style = replace(self._ctx.style(), width=self._cols)
        try:
            shown = self._look()
        except NepishellError as problem:
            # a resource that is gone may come back
            size, room, lines = (
                0,
                self._room,
                [style.paint(cut(str(problem), self._cols), "FAILED")],
            )
        else:
            size, room, lines = self._lines(shown, style)
        lines = [self._first(size, room, style), *lines[: self._room]]
        # what is slow to make leaves most of the time to others
        self._pause = max(PAUSE_S, SHARE * (monotonic() - began))
        return "\x1b[H" + "\r\n".join(f"\x1b[2K{line}" for line in lines) + "\x1b[0m\x1b[J"

    def _lines(self, shown: Shown, style: Style) -> tuple[int, int, list[str]]:
        """How many lines there are to move through, for how many there is room, and those."""
        result, form = shown
        if form in ("", "table") and isinstance(result, Records) and result.rows:
            room = max(1, self._room - 1)  # the titles stay
            part = self._part(len(result.rows), room)
            return len(result.rows), room, self._changes.draw(result, style, part).splitlines()
        if form in ("", "table"):
            lines = self._changes.draw(result, style).splitlines()
        else:
            lines = render(result, form, style).splitlines()
        return len(lines), self._room, lines[self._part(len(lines), self._room)]

    def _part(self, size: int, room: int) -> slice:
        """Those that are on the screen."""
        self._top = max(0, min(self._top, size - room))
        return slice(self._top, self._top + room)

    def _first(self, size: int, room: int, style: Style) -> str:
        last = min(size, self._top + room)
        part = f"  {self._top + 1}-{last} of {size}" if size > room else ""
        clock = format_duration(round(self._ctx.ec.clock.now(), 1))
        right = f"{part}  t+{clock}  q: back"
        left = cut(f"watch {self._title}", max(0, self._cols - len(right)))
        return style.paint(f"{left}{right}" if left else right.strip()[: self._cols], "header")
