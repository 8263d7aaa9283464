"""A prompt whose keys come from a pipe and whose screen is nobody's."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from nepishell.commands.signals import Signals
from nepishell.engine.controller import ExperimentController
from nepishell.shell.prompt import Prompt
from tests.commands import stand


class Screen(DummyOutput):
    """Keeps what is printed above the prompt."""

    def __init__(self) -> None:
        self.printed = ""

    def write_raw(self, data: str) -> None:
        self.printed += data.replace("\r\n", "\n")


class Keys:
    """Types at a prompt until it is left."""

    def __init__(self, prompt: Prompt, send: Callable[[str], None], screen: Screen) -> None:
        self.prompt = prompt
        self._screen = screen
        self.ec = prompt.ctx.ec
        self._send = send

    def type(self, *lines: str) -> None:
        """Type lines, each with Enter, and leave by Ctrl-D; returns when the prompt has ended."""
        self.keys("".join(f"{line}\r" for line in lines) + "\x04")

    def keys(self, keys: str) -> None:
        """Press keys, the last of which leave the prompt."""
        self._send(keys)
        self.prompt.loop()

    def interrupts_the_next_wait(self) -> None:
        """Ctrl-C where the terminal makes a signal of it: once a command waits."""
        ctx = self.prompt.ctx
        really = ctx.waiting

        @contextmanager
        def waiting() -> Iterator[None]:
            ctx.waiting = really
            with really():
                os.kill(os.getpid(), signal.SIGINT)
                yield

        ctx.waiting = waiting

    @property
    def said(self) -> str:
        """All that was printed above the prompt, the console's lines included."""
        self.prompt.close()
        return self._screen.printed

    def state(self, label: str) -> str:
        return str(self.ec.state(self.ec.find(label), hr=True))


@contextmanager
def open_prompt(folder: Path) -> Iterator[Keys]:
    stand.register()
    screen = Screen()
    with (
        create_pipe_input() as pipe,
        create_app_session(input=pipe, output=screen),
        Signals() as signals,
        ExperimentController("test", local_dir=folder, seed=1) as ec,
    ):
        prompt = Prompt(ec, signals, (pipe, screen))
        try:
            yield Keys(prompt, pipe.send_text, screen)
        finally:
            prompt.close()


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "nepishell"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    before = signal.getsignal(signal.SIGINT)
    with open_prompt(tmp_path) as found:
        yield found
    assert signal.getsignal(signal.SIGINT) is before
