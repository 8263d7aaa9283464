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
