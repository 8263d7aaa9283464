"""What a person sees while an experiment runs."""

import pytest

from tests.screens.screen import CTRL_C, PROMPT, Screen


def test_the_toolbar_counts_states(screen: Screen) -> None:
    screen.enters("add local::Node one")
    screen.enters("add local::Node two")
    screen.sees("2 NEW")
    screen.enters("deploy one")
    screen.sees("1 STARTED")
    screen.sees("1 NEW")
    screen.enters("release all")
    screen.presses("y\r")
    screen.misses("1 STARTED")


def test_ctrl_c_ends_a_wait_and_names_the_task_that_goes_on(screen: Screen) -> None:
    screen.enters("every 10s times 9 say tick")
    screen.sees("%1")
    screen.enters("say now; wait %1")
    # until then Ctrl-C would be a key at the prompt
    screen.until(lambda: "now" in screen.lines)
    screen.presses(CTRL_C)
    screen.sees("still running: %1")
    screen.until(lambda: screen.line == PROMPT.rstrip())


@pytest.mark.lab
def test_the_line_stays_whole_while_ten_hosts_are_deployed(screen: Screen) -> None:
    screen.enters("add netns::Node h[1-10]")
    screen.sees("10 NEW")
    screen.enters("deploy")
    screen.presses("say this line is whole")
    screen.sees("10 STARTED")
    screen.sees("h[1-10]")
    screen.until(lambda: screen.line.startswith(f"{PROMPT}say this line is whole"))
    screen.presses("\r")
    screen.until(lambda: "this line is whole" in screen.lines)


@pytest.mark.lab
def test_a_shell_on_a_host_is_opened_and_left(screen: Screen) -> None:
    screen.enters("add netns::Node h1")
    screen.enters("deploy wait")
    screen.sees("1 STARTED")
    screen.enters("open h1")
    screen.until(lambda: bool(screen.line) and PROMPT.rstrip() not in screen.line)
    screen.enters("echo on $((40 + 2))")
    screen.until(lambda: "on 42" in screen.lines)
    screen.enters("exit")
    screen.until(lambda: screen.line == PROMPT.rstrip())
    screen.types("say still here")
