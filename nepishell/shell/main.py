"""The prompt from its first line to its end: one controller, released when it is left."""

import argparse
import gc
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, NoReturn

from prompt_toolkit.application import create_app_session

from nepishell import __version__
from nepishell.commands.context import Context, Detach
from nepishell.commands.handing_over import Successor
from nepishell.commands.journaling import open_journal
from nepishell.commands.logs import RunLog
from nepishell.commands.settings import Settings, config_file, read_settings, write_settings
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.shell.plain import DUMB, PlainOutput, PlainScreen
from nepishell.shell.prompt import Prompt
from nepishell.shell.quiet import quiet
from nepishell.shell.screen import Screen

#: Seconds a thread keeps the interpreter; short, so that keys are answered while hooks work.
SWITCH_INTERVAL_S = 0.0005

_WELCOME = "the first time here? 'tour' shows the way in three screens\n"


def main(argv: list[str]) -> int:
    """Serve a prompt on this terminal; returns the exit status."""
    parser = argparse.ArgumentParser(prog="nepishell", allow_abbrev=False)
    parser.add_argument("--seed", type=int, help="of everything random in the run")
    parser.add_argument(
        "--plain", action="store_true", help="no colours, no toolbar, nothing painted over"
    )
    given = parser.parse_args(argv)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    return serve(ExperimentController(seed=given.seed), None, plain=given.plain)


def serve(
    ec: ExperimentController, fill: Callable[[Prompt], list[str]] | None, *, plain: bool = False
) -> int:
    """Serve a prompt at *ec* until it is left; returns the exit status.

    *fill*: makes the run what it was, and says what a person should know.
    """
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        terminal = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
        if sys.stdin.isatty():
            stack.enter_context(quiet(sys.stdin))
        screen = Screen()
        if plain or os.environ.get("TERM", "") in DUMB:
            output = PlainOutput(sys.stdout)
            stack.enter_context(create_app_session(output=output))
            screen = PlainScreen(output)
        stack.enter_context(ec)
        # a controller may be killed at any time; what runs in the lab waits for the next one
        ec.lasting = True
        stack.enter_context(RunLog(ec.run_dir / "log.txt"))
        settings, warnings = read_settings(config_file())
        prompt = Prompt(ec, signals, settings=settings, screen=screen)
        if fill is None:
            prompt.ctx.journal = open_journal(ec, warnings.append)
        else:
            warnings += fill(prompt)
        prompt.ctx.prefer = partial(prefer, prompt)
        detaching = Detaching(prompt.ctx, terminal)
        prompt.ctx.leave = detaching.prepare
        stack.callback(prompt.close)
        sys.stdout.write(
            f"nepishell {__version__}: 'help' lists the commands, '?' says what may come next, "
            f"Ctrl-D leaves\n{_WELCOME if prompt.typed.is_first else ''}"
            + "".join(f"{warning}\n" for warning in warnings)
        )
        # what stands now stays: it is left out of every collection, which a key would wait for
        gc.freeze()
        gc.enable()
        try:
            prompt.loop()
            if isinstance(prompt.left_by, Detach):
                prompt.close()
                detaching.go()
        except Stopped as stopped:
            if stopped.signum == signal.SIGHUP:
                mute()
            return 128 + stopped.signum
        finally:
            signals.forget()
    return 0


class Detaching:
    """Hands the run over to a process without a terminal; see commands.handing_over.

    *terminal*: how it was set up before us.
    """

    def __init__(self, ctx: Context, terminal: list[Any] | None) -> None:
        self._ctx = ctx
        self._terminal = terminal
        self._successor: Successor | None = None

    def prepare(self) -> None:
        """Have somebody who can go on; raises NepishellError."""
        if self._ctx.journal is None:
            raise NepishellError("this run has no journal: nobody else could go on with it")
        self._successor = Successor(self._ctx.ec)

    def go(self) -> NoReturn:
        """Let it go on."""
        assert self._successor is not None  # it was prepared
        assert self._ctx.journal is not None
        self._ctx.ec.bus.drain()
        state = {"parameters": self._ctx.parameters, "declared": sorted(self._ctx.declared)}
        if self._terminal is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._terminal)
        sys.stdout.flush()
        self._successor.take(self._ctx.journal, state)


def prefer(prompt: Prompt, settings: Settings) -> None:
    """Use other settings, now and the next time; raises NepishellError when they are not kept."""
    write_settings(config_file(), settings)
    prompt.use(settings)


def mute() -> None:
    """Nobody may be there to read: what is still written must not be an error."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(sink, number)
    os.close(sink)
