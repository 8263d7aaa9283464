"""The host on which nothing runs."""

import signal
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Completed, Exit
from nepishell.hosts.fake import Asked, FakeHost, Outcome

RUN = Path("/run/ping")


def test_remembers_what_was_asked() -> None:
    host = FakeHost("web")
    host.run(["true"], env={"A": "1"})
    host.spawn(["sleep", "1"], run_dir=RUN)
    assert host.name == "web"
    assert host.asked == [Asked(argv=("true",), env={"A": "1"}), Asked(argv=("sleep", "1"))]


def test_short_commands_answer_as_scripted() -> None:
    host = FakeHost(run_script=lambda argv: Outcome(code=2, stdout=" ".join(argv)))
    assert host.run(["a", "b"]) == Completed(argv=("a", "b"), status=2, stdout="a b", stderr="")
    with pytest.raises(HostError, match="'a' did not end within 1 s"):
        FakeHost(run_script=lambda argv: None).run(["a"], timeout_s=1)


def test_a_process_runs_until_it_is_ended_and_leaves_its_files() -> None:
    told: list[Exit] = []
    host = FakeHost(clock=lambda: 7.0)
    process = host.spawn(["tool"], run_dir=RUN, on_exit=told.append)
    assert (process.exit, host.running) == (None, [process])
    host.end(process, Outcome(code=3, stdout="out"))
    host.end(process)
    assert told == [Exit(status=3, at=7.0)] == [process.exit]
    found = [host.read(RUN / name) for name in ("stdout", "stderr", "exitcode")]
    assert found == [b"out", b"", b"3\n"]


def test_a_scripted_process_ends_at_once() -> None:
    process = FakeHost(spawn_script=lambda argv: Outcome(code=1)).spawn(["x"], run_dir=RUN)
    assert process.exit is not None
    assert process.exit.status == 1


def test_signals_and_close_end_processes() -> None:
    host = FakeHost()
    first, second, third = (host.spawn(["x"], run_dir=RUN / str(n)) for n in range(3))
    first.signal(signal.SIGINT)
    second.stop()
    host.close()
    statuses = [process.exit and process.exit.status for process in (first, second, third)]
    assert statuses == [130, 143, 137]
    assert host.signals == [(first.pid, 2), (second.pid, 15)]


def test_files_are_kept_in_memory(tmp_path: Path) -> None:
    host, source, back = FakeHost(), tmp_path / "source", tmp_path / "back"
    source.write_bytes(b"0123")
    host.mkdir(RUN)
    host.put(source, RUN / "file")
    host.get(RUN / "file", back)
    assert back.read_bytes() == b"0123"
    assert (host.read(RUN / "file", 1, 2), host.read(RUN / "file", 2)) == (b"12", b"23")
    assert (host.size(RUN / "file"), host.size(RUN / "none")) == (4, 0)
    with pytest.raises(HostError, match="cannot read /run/ping/none"):
        host.read(RUN / "none")
