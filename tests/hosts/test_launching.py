"""How a program is found and what it is given."""

import os
from pathlib import Path

import pytest

from nepishell.hosts import launching
from nepishell.hosts.launching import LaunchError, find_program


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    path = tmp_path / "bin" / "tool"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\nexit 7\n")
    path.chmod(0o755)
    return path


def test_finds_along_the_path_or_from_the_directory_where_it_starts(tool: Path) -> None:
    top = str(tool.parent.parent)
    assert find_program("tool", f"/nowhere:{tool.parent}") == str(tool)
    assert Path(find_program("bin/tool", "", top)).samefile(tool)
    assert find_program(str(tool), "", top) == str(tool)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "the command is empty: name a program"),
        ("none", "command 'none' is not found; install it, or give its full path"),
        ("/none", "command '/none' is not found"),
    ],
)
def test_says_what_is_not_there(name: str, message: str) -> None:
    with pytest.raises(LaunchError) as refusal:
        find_program(name, "/nowhere")
    assert str(refusal.value) == message


def test_a_directory_is_no_program_and_a_plain_file_is_not_executable(tool: Path) -> None:
    tool.chmod(0o644)
    with pytest.raises(LaunchError, match="'tool' is not executable: chmod"):
        find_program("tool", str(tool.parent))
    with pytest.raises(LaunchError, match="'bin' is not found"):
        find_program("bin", str(tool.parent.parent))


def test_the_environment_is_added_to_and_never_changed() -> None:
    base = {"A": "1", "B": "2"}
    assert launching.environment(base, {"B": "3"}) == {"A": "1", "B": "3"}
    assert launching.environment(base, None) == base == {"A": "1", "B": "2"}


def test_streams_that_cannot_be_opened_leave_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for run_dir, stdin in ((tmp_path, "/nowhere"), (tmp_path / "file" / "below", None)):
        with pytest.raises(LaunchError, match="cannot open"):
            launching.open_streams(str(run_dir), stdin)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_started_program_ends_with_its_status(tool: Path, tmp_path: Path) -> None:
    streams = launching.open_streams(str(tmp_path / "run"), None)
    pid = launching.posix_spawn(str(tool), ["tool"], {}, streams)
    for fd in streams:
        os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_the_status_is_left_as_a_shell_shows_it(tmp_path: Path) -> None:
    launching.write_exit_status(str(tmp_path), -15)
    assert (tmp_path / "exitcode").read_text() == "143\n"
    launching.write_exit_status(str(tmp_path / "gone"), 0)
