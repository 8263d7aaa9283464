"""`nepishell attach`: lend this terminal to a run that is served, until the person leaves.

The prompt runs in the controller, on our terminal; we only wait, and pass on what the kernel tells
us and not it: Ctrl-C while no prompt is up, another size of the window, our own end.
"""

import argparse
import json
import os
import signal
import socket
import sys
import termios
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from nepishell.core.errors import NepishellError
from nepishell.engine.controller import default_local_dir
from nepishell.journal import door
from nepishell.journal.runs import Fate, Run, find, runs
from nepishell.service import wire

DONE, FAILED, USAGE = 0, 1, 2
#: What of our environment the prompt goes by.
TOLD = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "PROMPT_TOOLKIT_COLOR_DEPTH")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def attach_parser() -> argparse.ArgumentParser:
    """What `nepishell attach` takes."""
    made = _Parser(
        prog="nepishell attach",
        allow_abbrev=False,
        description="A prompt at a run that goes on without a terminal. 'detach' or Ctrl-D leaves "
        "it to itself again.",
    )
    made.add_argument("run", nargs="?", default="", help="its id or experiment (default: the last)")
    return made


def main(argv: list[str]) -> int:
    """`nepishell attach [RUN]`; returns the exit status."""
    given = attach_parser().parse_args(argv)
    try:
        _check_terminal()
        run = served(given.run)
        connection, _ = door.knock(run.path)
        with connection:
            return Lending(connection, run).lend()
    except NepishellError as problem:
        sys.stderr.write(f"nepishell: {problem}\n")
        return USAGE


def _check_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NepishellError("a prompt needs a terminal; programs send JSON to the run's socket")


def served(name: str) -> Run:
    """The run called *name*, or the last that is served; raises NepishellError."""
    folder = default_local_dir()
    if name:
        return _alive(find(folder, name))
    running = [run for run in runs(folder) if run.fate is Fate.RUNNING]
    there = [run for run in running if door.is_socket(run.path / door.SOCKET)]
    if not there:
        raise NepishellError(
            "no run goes on without a terminal; 'nepishell runs' lists all, 'nepishell serve' "
            "starts one"
        )
    return there[-1]


def _alive(run: Run) -> Run:
    """*run*, if others may come in there; raises NepishellError, saying what to do instead."""
    match run.fate:
        case Fate.ENDED:
            raise NepishellError(f"run {run.run_id} has ended: nobody is there any more")
        case Fate.ORPHANED:
            raise NepishellError(
                f"run {run.run_id} lost its controller: 'nepishell resume {run.run_id}' goes on "
                f"with it"
            )
        case Fate.BROKEN:
            raise NepishellError(run.problem)
    if not door.is_socket(run.path / door.SOCKET):
        raise NepishellError(
            f"run {run.run_id} has a terminal of its own; "
            f"'detach' at its prompt lets others come in"
        )
    return run


class Lending:
    """One terminal at one run."""

    def __init__(self, connection: socket.socket, run: Run) -> None:
        self._connection = connection
        self._run = run
        self._source, self._target = sys.stdin.fileno(), sys.stdout.fileno()

    def lend(self) -> int:
        """Wait until the person has left; the exit status."""
        before = termios.tcgetattr(self._source)
        handlers = {
            number: signal.signal(number, self._pass_on)
            for number in (signal.SIGINT, signal.SIGWINCH, signal.SIGTERM, signal.SIGHUP)
        }
        # the terminal is not ours to stop for
        handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        try:
            environ = {name: os.environ[name] for name in TOLD if name in os.environ}
            line = wire.encode({"id": 1, "attach": environ})
            wire.send_terminal(self._connection, line, self._source, self._target)
            return self._wait()
        except OSError:
            return self._told(None)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            # whoever had it may have been killed in the middle of a line
            with suppress(termios.error):
                termios.tcsetattr(self._source, termios.TCSADRAIN, before)

    def _wait(self) -> int:
        lines = wire.Lines()
        while (found := lines.receive(self._connection)) is not None:
            for line in found:
                message = json.loads(line)
                if message.get("id") == 1:
                    return self._told(message)
        return self._told(None)

    def _told(self, answer: dict[str, Any] | None) -> int:
        """Say how it ended; the exit status."""
        name = self._run.run_id
        error = (answer or {}).get("error")
        if answer is None:
            sys.stdout.write(f"the controller of run {name} has gone; 'nepishell runs' says more\n")
            return FAILED
        if error:
            sys.stderr.write(f"nepishell: {error['message']}\n")
            return FAILED
        if answer.get("over"):
            sys.stdout.write(f"run {name} has ended\n")
        else:
            sys.stdout.write(f"left; run {name} goes on: 'nepishell attach {name}' comes back\n")
        return DONE

    def _pass_on(self, signum: int, frame: FrameType | None) -> None:
        word = {signal.SIGINT: "interrupt", signal.SIGWINCH: "resized"}.get(signal.Signals(signum))
        with suppress(OSError):
            if word is None:
                self._connection.shutdown(socket.SHUT_RDWR)
            else:
                self._connection.send(wire.encode({word: True}), socket.MSG_DONTWAIT)
