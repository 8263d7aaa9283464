"""Short commands on any host that can start something; see contract/ for the real ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from nepishell.hosts.commands import run_to_end
from nepishell.hosts.process import SpawnedProcess


class Steering:
    """Remembers the signals."""

    def __init__(self) -> None:
        self.sent: list[int] = []

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        self.sent.append(signum)

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        raise NotImplementedError


def test_the_scratch_directory_is_gone_and_stdin_was_in_it(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def start(
        argv: Sequence[str],
        run_dir: Path,
        cwd: Path,
        env: Mapping[str, str] | None,
        stdin: Path | None,
    ) -> SpawnedProcess:
        assert stdin is not None
        seen.append(stdin.read_bytes())
        (run_dir / "stdout").write_bytes(b"fine \xff")
        (run_dir / "stderr").touch()
        process = SpawnedProcess(1, run_dir, Steering(), None)
        process.ended(0, 0.0)
        return process

    done = run_to_end(
        start, ["tool"], scratch=tmp_path, env=None, cwd=None, stdin=b"in", timeout_s=None
    )
    assert (seen, done.stdout) == ([b"in"], "fine \ufffd")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_wait_kills_the_command(tmp_path: Path) -> None:
    steering = Steering()

    class Interrupted(SpawnedProcess):
        def wait(self, timeout_s: float | None = None) -> bool:
            raise KeyboardInterrupt

    def start(
        argv: Sequence[str],
        run_dir: Path,
        cwd: Path,
        env: Mapping[str, str] | None,
        stdin: Path | None,
    ) -> SpawnedProcess:
        return Interrupted(1, run_dir, steering, None)

    with pytest.raises(KeyboardInterrupt):
        run_to_end(start, ["tool"], scratch=tmp_path, env=None, cwd=None, stdin=b"", timeout_s=None)
    assert steering.sent == [9]
