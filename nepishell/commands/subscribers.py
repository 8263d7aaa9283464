"""Subscribers of other packages, by the entry-point group `nepishell.subscribers`: functions that
are called with each event of a run. None of them can hold up or break it.
"""

from nepishell.core.events import Noted
from nepishell.engine.apart import listen
from nepishell.engine.controller import ExperimentController
from nepishell.engine.installed import entry_points

GROUP = "nepishell.subscribers"


class Subscribers:
    """Those of one run."""

    def __init__(self, ec: ExperimentController) -> None:
        for point in entry_points(GROUP):
            why = listen(ec.bus, point.load, point.name)
            if why:
                text = f"subscriber '{point.name}' is left out: {why}"
                ec.bus.post(Noted(ec.clock.now(), 0, "warning", text))

    def close(self) -> None:
        """Nothing: they are told to the last event."""


def invite(ec: ExperimentController) -> None:
    """Let all that are installed listen to *ec*; looked for once, when something is to happen."""
    ec.shared("subscribers", lambda: Subscribers(ec))
