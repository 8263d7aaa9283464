"""`nepishell lab watch`: the class as a table that is drawn again whenever somebody gets on."""

import argparse
import sys
import time
from pathlib import Path

from nepishell.commands.places import state_home
from nepishell.core.errors import NepishellError
from nepishell.core.units import parse_duration
from nepishell.labs.files import LabError
from nepishell.labs.model import read_lab
from nepishell.labs.parts import Lab
from nepishell.labs.shelf import find_lab, shipped_labs
from nepishell.labs.teacher.classroom import Desk, next_change, table
from nepishell.labs.teacher.folders import Journals
from nepishell.output.render import render
from nepishell.output.style import PLAIN, Style, style_for

DONE = 0
#: Home, and clear to the end of the screen.
_AGAIN = "\x1b[H\x1b[J"
_FORGETS_S = 12 * 3600.0


def watch(argv: list[str]) -> int:
    """Show the class until Ctrl-C, or once; returns the exit status."""
    given = _parser().parse_args(argv)
    labs = _labs(given.lab)
    patience_s = parse_duration(given.stuck)
    is_live = sys.stdout.isatty() and not given.once and not given.json
    with Journals(given.folders or [state_home()]) as journals:
        room = Room(journals, labs, patience_s)
        if not is_live:
            room.listen()
            sys.stdout.write(room.show("json" if given.json else "table") + "\n")
            return DONE
        _follow(room, journals)
    return DONE


class Room:
    """The desks of a class, and who sits there."""

    def __init__(self, journals: Journals, labs: dict[str, Lab], patience_s: float) -> None:
        self._journals = journals
        self._labs = labs
        self._patience_s = patience_s
        self._desks: dict[Path, Desk] = {}

    def listen(self) -> bool:
        """Take what was written meanwhile; whether anything looks different."""
        changed = False
        for path, line in self._journals.lines():
            desk = self._desks.setdefault(path, Desk(path.parent.name))
            changed = desk.take(line) or changed
        return changed

    def show(self, form: str = "table", style: Style = PLAIN) -> str:
        """The class now."""
        now = time.time()
        desks = [desk for desk in self._desks.values() if now - desk.began < _FORGETS_S]
        found = table(desks, self._labs, now, self._patience_s)
        if not found.rows and form == "table":
            return "nobody does a lab here"
        return render(found, form, style)

    def patience(self) -> float | None:
        """Seconds until the table changes by itself; None: not before something is written."""
        return next_change(self._desks.values(), self._labs, time.time(), self._patience_s)


def _follow(room: Room, journals: Journals) -> None:
    room.listen()
    while True:
        shown = room.show("table", style_for(sys.stdout))
        sys.stdout.write(f"{_AGAIN}{shown}\n")
        sys.stdout.flush()
        # a journal has much in it that is of no interest here
        while journals.wait(room.patience()) and not room.listen():
            pass


def _labs(names: list[str]) -> dict[str, Lab]:
    """The labs that are known by their ids: those that ship, and those that were named."""
    found = {}
    for path in shipped_labs().values():
        try:
            lab = read_lab(path)
        except LabError:
            continue
        found[lab.id] = lab
    for name in names:
        lab = find_lab(name)
        found[lab.id] = lab
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nepishell lab watch", allow_abbrev=False,
        description="Show who is at which step of a lab, and who is stuck, from the journals of "
                    "the runs; the table follows what happens.",
    )  # fmt: skip
    parser.add_argument("folders", metavar="DIR", nargs="*", type=Path,
                        help="where runs are kept, as in /home/*/.local/state/nepishell "
                             "(default: where yours are)")  # fmt: skip
    help_ = "without progress for so long somebody is stuck (default: 10m)"
    parser.add_argument("--stuck", metavar="TIME", default="10m", type=_duration, help=help_)
    parser.add_argument("--lab", metavar="LAB", action="append", default=[],
                        help="a lab that does not ship, by its folder")  # fmt: skip
    parser.add_argument("--once", action="store_true", help="show it once, and end")
    parser.add_argument("--json", action="store_true", help="show it once, for programs")
    return parser


def _duration(text: str) -> str:
    try:
        parse_duration(text)
    except NepishellError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
    return text
