"""Terminals that are lent to a run: one drives, others watch, and the run outlives them."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.client import Client
from tests.screens.screen import CTRL_C, CTRL_D, Screen
from tests.serving import serving

Attach = Callable[[], Screen]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def attach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: ExitStack) -> Attach:
    """Another terminal at a run that is served."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".local/state"))
    stack.enter_context(serving("--exp", "lent"))

    def attach() -> Screen:
        screen = Screen(tmp_path, arguments=("attach", "lent"))
        stack.callback(screen.child.close, force=True)
        return screen

    return attach


def test_one_drives_the_others_watch_and_take_takes_over(attach: Attach) -> None:
    first, second = attach(), attach()
    first.sees("you drive")
    second.sees("drives and you watch")

    second.enters("add local::Node me")
    second.sees("drives and you watch; 'take' takes over")
    second.enters("take")
    second.sees("you drive now")
    first.sees("drives now, you watch")
    second.enters("add local::Node me; deploy")
    second.sees("me: ● STARTED")
    first.sees("me: ● STARTED")
    first.enters("list | cols label,state")
    first.sees("me     ● STARTED")


def test_who_leaves_comes_back_to_what_went_on(attach: Attach) -> None:
    screen = attach()
    screen.enters("add local::Node me; deploy")
    screen.sees("me: ● STARTED")
    screen.presses(CTRL_D)
    screen.sees("left; run")
    assert screen.ends() == 0
    again = attach()
    again.enters("list | cols label,state")
    again.sees("STARTED")
    again.enters("detach")
    again.sees("left; run")
    assert again.ends() == 0


def test_a_client_that_is_killed_ends_its_session_and_not_the_run(attach: Attach) -> None:
    screen, other = attach(), attach()
    screen.sees("you drive")
    os.kill(screen.child.pid, signal.SIGKILL)
    other.sees("has left: whoever changes something now drives")
    other.enters("add local::Node me; deploy")
    other.sees("me: ● STARTED")


def test_ctrl_c_ends_a_wait_and_nothing_else(attach: Attach) -> None:
    screen = attach()
    screen.enters("say now; wait 1h")
    # until then Ctrl-C would be a key at the prompt
    screen.until(lambda: "now" in screen.lines)
    screen.presses(CTRL_C)
    screen.sees("interrupted; the experiment goes on")
    screen.enters("say still here")
    screen.sees("still here")


def test_another_size_of_the_window_is_seen(attach: Attach) -> None:
    screen = attach()
    screen.resizes(24, 50)
    screen.sees("you drive")
    screen.until(lambda: all(len(line) <= 50 for line in screen.lines))
    screen.enters("say resized")
    screen.sees("resized")


def test_a_program_gets_the_terminal_that_was_lent(attach: Attach) -> None:
    screen = attach()
    screen.enters("add local::Node me; deploy")
    screen.sees("me: ● STARTED")
    screen.enters("open me sh -c 'echo size $(stty size); read x; echo got $x'")
    screen.sees("size 24 80")
    screen.presses("hello\r")
    screen.sees("got hello")
    screen.sees("back from me")


def test_shutdown_ends_the_run_for_all(attach: Attach) -> None:
    screen, other = attach(), attach()
    screen.enters("add local::Node me; deploy; shutdown")
    screen.sees("release all of run")
    screen.presses("y\r")
    screen.sees("has ended")
    other.sees("the run is being released")
    other.sees("has ended")
    assert (screen.ends(), other.ends()) == (0, 0)


def test_a_terminal_and_a_program_share_a_run(attach: Attach) -> None:
    screen = attach()
    with Client("lent", timeout=20) as program:
        assert [one["drives"] for one in program.do("who")[0]] == [True, False]
        program.do("take; add local::Node me; deploy")
        screen.sees("drives now, you watch")
        screen.sees("me: ● STARTED")
