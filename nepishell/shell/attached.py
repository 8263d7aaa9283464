"""A prompt on a terminal that somebody has lent to a run which goes on without one.

It runs in a thread of the controller. When the person leaves, or is gone, the run goes on.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TextIO

from prompt_toolkit.application import create_app_session
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from nepishell import __version__
from nepishell.commands.interruptions import Interruptions
from nepishell.commands.settings import config_file, read_settings
from nepishell.commands.sharing import AttachedTerminal, Seat, Shared
from nepishell.shell.main import prefer
from nepishell.shell.prompt import Prompt
from nepishell.shell.quiet import QuietInput, silent
from nepishell.shell.screen import LentScreen
from nepishell.shell.terminal import hand_over


def serve(
    shared: Shared, seat: Seat, terminal: AttachedTerminal, interruptions: Interruptions
) -> None:
    """Serve a prompt until the person leaves; raises Shutdown, and Stopped when they are gone.

    In a thread of its own, the one that *interruptions* are for.
    """
    with ExitStack() as stack:
        source = stack.enter_context(_opened(terminal.source, "r"))
        target = stack.enter_context(_opened(terminal.target, "w"))
        stack.enter_context(silent(source.fileno()))
        output = Vt100_Output.from_pty(
            target, term=terminal.environ.get("TERM"), default_color_depth=_depth(terminal)
        )
        stack.enter_context(create_app_session(input=QuietInput(source), output=output))
        screen = LentScreen(source, target, terminal.environ)
        settings, warnings = read_settings(config_file())
        prompt = Prompt(shared.ec, interruptions, settings=settings, screen=screen,
                        shared=(shared, seat))  # fmt: skip
        stack.callback(prompt.close)
        prompt.ctx.leave = lambda: None
        prompt.ctx.prefer = partial(prefer, prompt)
        prompt.lent = partial(hand_over, source=source.fileno(), target=target.fileno(),
                              away=interruptions, jobs=shared.jobs)  # fmt: skip
        seat.tell = prompt.told_by_others
        stack.callback(_tell_nobody, seat)
        screen.write_line("".join([*(f"{line}\n" for line in warnings), _greeting(shared, seat)]))
        prompt.loop()
        if prompt.left_by is not None:
            raise prompt.left_by


def _greeting(shared: Shared, seat: Seat) -> str:
    role = "you drive" if seat.driver == seat.name else f"{seat.driver} drives and you watch"
    return (
        f"nepishell {__version__}: run {shared.ec.run_id} of {shared.ec.exp_id}; {role}. "
        "Ctrl-D leaves, and the run goes on; 'shutdown' ends it"
    )


def _tell_nobody(seat: Seat) -> None:
    seat.tell = lambda line: None


def _depth(terminal: AttachedTerminal) -> ColorDepth | None:
    """By the environment of the terminal, not by ours; None: by its TERM."""
    environ = terminal.environ
    if environ.get("NO_COLOR"):
        return ColorDepth.DEPTH_1_BIT
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return ColorDepth.DEPTH_24_BIT
    return None


@contextmanager
def _opened(fd: int, mode: str) -> Iterator[TextIO]:
    """A file of our own: who writes too late must find it closed, not another one of its number."""
    with os.fdopen(os.dup(fd), mode, encoding="utf-8", errors="replace") as file:
        yield file  # type: ignore[misc]
