"""Releasing at once: what is given time to end by itself is killed instead."""

import signal
from contextlib import suppress

from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.hosts.base import Process


def kill_what_runs(ec: ExperimentController) -> None:
    """KILL the process of every resource that has one; their ends are told as ever."""
    for guid in ec.resources:
        process: Process | None = getattr(ec.get_resource(guid), "process", None)
        if process is not None:
            # its host may be away; the release that goes on knows what to do then
            with suppress(NepishellError):
                process.signal(signal.SIGKILL)
