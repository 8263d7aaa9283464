"""A prompt in a run whose controller was killed."""

import signal
from pathlib import Path

from tests.shell.test_main import Terminal


def test_what_was_described_before_the_controller_was_killed_is_there_again(
    tmp_path: Path,
) -> None:
    killed = Terminal(tmp_path)
    killed.sees("nepishell>")
    killed.type("add local::Node here\r")
    killed.sees("here is resource 1, a local::Node")
    killed.child.kill(signal.SIGKILL)
    killed.child.close(force=True)
    second = Terminal(tmp_path, "-m nepishell resume")
    try:
        second.sees("nepishell>")
        second.type("list | cols label,rtype | csv\r")
        second.sees("here,local::Node", exactly=True)
        second.type("\x04")
        assert second.ends() == 0
    finally:
        second.child.close(force=True)
