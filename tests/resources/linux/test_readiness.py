from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.linux.readiness import Condition, parse_ready


@pytest.mark.parametrize("text", ["started", "log:^a:b$", "port:80", "udp:53", "file:x/y"])
def test_a_condition_is_written_as_it_is_read(text):
    assert str(parse_ready(text)) == text


def test_what_is_none_says_what_to_write():
    with pytest.raises(BadValue) as caught:
        parse_ready("whenever")
    assert str(caught.value) == (
        "'whenever' is not a ready condition; "
        "write started, log:PATTERN, port:NUMBER, udp:NUMBER or file:PATH"
    )


def test_a_log_is_looked_for_in_both_outputs():
    command = Condition("log", "x").command(2.5, Path("/d"))
    assert command == ["2.5", "log", "x", "/d/stdout", "/d/stderr"]


def test_a_file_is_looked_for_where_the_application_runs():
    assert Condition("file", "f").command(1, Path("/d")) == ["1", "file", "/d/f"]
    assert Condition("file", "/f").command(1, Path("/d")) == ["1", "file", "/f"]
