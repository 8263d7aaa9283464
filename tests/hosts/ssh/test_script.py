"""The text for the other end, run by whatever `sh` this machine has."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.script import Words, exports, line, printed, prologue

WORDS = Words(token="TOK", refusal="NO", mark="abc")


@given(st.binary(max_size=300))
def test_any_bytes_are_printed_by_a_shell(data: bytes) -> None:
    done = subprocess.run(["sh", "-c", printed(data)], capture_output=True, check=True)
    assert done.stdout == data


def test_words_are_quoted() -> None:
    text = line("printf", "%s|", "it's", "$HOME", "a\nb", Path("/x y"), 5)
    done = subprocess.run(["sh", "-c", text], capture_output=True, check=True)
    assert done.stdout == b"it's|$HOME|a\nb|/x y|5|"


def test_a_name_of_a_variable_cannot_carry_a_command() -> None:
    assert exports({"A_1": "$x"}) == "export A_1='$x';"
    with pytest.raises(HostError, match="is no name of an environment variable"):
        exports({"a;reboot": "x"})


def test_no_placeholder_is_left() -> None:
    text = prologue(WORDS, ["1:2"])
    assert b"@TOKEN@" not in text
    assert b"nepishell-abc" in text
    assert b"for _np_x in 1:2; do" in text
    for place in (b"@INNER@", b"@WORD@", b"@MARK@", b"@NAME@", b"@OLD@"):
        assert place not in text


def begun(folder: Path, *shell: str) -> list[str]:
    """What the functions say of themselves when *folder* is where temporary files go."""
    text = prologue(WORDS, ()).replace(b"/dev/shm", str(folder).encode())
    said = subprocess.run(
        shell or ("sh",), input=text, capture_output=True, check=True
    ).stdout.decode()
    return said.split("TOK")


@pytest.mark.parametrize(
    "shell",
    [
        ("sh",),
        pytest.param(("bash",), marks=pytest.mark.tool("bash")),
        pytest.param(("busybox", "sh"), marks=pytest.mark.tool("busybox")),
    ],
    ids=" ".join,
)
def test_shells_of_all_kinds_say_that_they_are_ready(
    tmp_path: Path, shell: tuple[str, ...]
) -> None:
    _, ready, folder, _ = begun(tmp_path, *shell)
    assert ready.startswith(" R ")
    assert folder == f" M\n{tmp_path}/nepishell-abc"


def test_a_folder_that_somebody_else_put_there_is_not_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "nepishell-abc").symlink_to(elsewhere)
    folder = begun(tmp_path)[2].removeprefix(" M\n")
    assert folder
    assert not folder.startswith(f"{tmp_path}/")
    assert list(elsewhere.iterdir()) == []


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    text = prologue(WORDS, ()).replace(b"/dev/shm", str(tmp_path).encode())
    text += b"trap - EXIT; exit\n"
    subprocess.run(["sh"], input=text, capture_output=True, check=True, umask=0)
    assert (tmp_path / "nepishell-abc").stat().st_mode & 0o777 == 0o700


def test_what_has_the_lock_is_not_killed() -> None:
    text = (
        prologue(WORDS, ())
        + b"""
kill() { printf 'killed\\n' >&7; }
_np_lock
{ _np_kill -9 1; } &
sh -c :; sh -c :; sh -c :
printf 'given back\\n' >&7
_np_free
wait
exit
"""
    )
    done = subprocess.run(["sh"], input=text, capture_output=True, check=True, timeout=20)
    assert done.stdout.endswith(b"Z\ngiven back\nkilled\n")
