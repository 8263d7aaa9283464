"""Traces, looked at by lines."""

import pytest

from nepishell.commands.traces import excerpt
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_traces_are_listed_with_their_size(running: Session) -> None:
    assert running.text("trace probe | cols trace,on,size | csv").splitlines() == [
        "trace,on,size", "stdout,true,25", "rtt,true,27", "debug,false,0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("trace probe stdout", "one\ntwo bytes from\nthree"),
        ("trace probe stdout last 1", "three"),
        ("trace probe stdout first 2", "one\ntwo bytes from"),
        ("trace probe stdout path", "/somewhere/stdout"),
    ],
)
def test_a_trace_is_shown_whole_or_in_part(running: Session, line: str, shown: str) -> None:
    assert running.text(line) == shown


def test_a_trace_that_is_off_says_how_to_turn_it_on(running: Session) -> None:
    with pytest.raises(NepishellError, match="turn it on with 'trace probe debug on'"):
        running("trace probe debug")


def test_a_trace_that_is_empty_so_far_is_empty(pair: Session) -> None:
    assert pair.text("trace probe stdout") == ""


def test_a_trace_that_is_not_there_yet_has_no_path(pair: Session) -> None:
    with pytest.raises(NepishellError, match="is not on disk yet"):
        pair("trace probe stdout path")


def test_a_trace_is_switched_on_and_off(pair: Session) -> None:
    pair("trace probe debug on", "trace probe stdout off")
    assert (pair.ec.trace_enabled(4, "debug"), pair.ec.trace_enabled(4, "stdout")) == (True, False)


def test_an_unknown_trace_suggests_one(pair: Session) -> None:
    with pytest.raises(NepishellError, match="no trace 'stdot'; did you mean 'stdout'"):
        pair("trace probe stdot")


def test_an_excerpt_takes_from_one_end() -> None:
    assert excerpt([1, 2, 3], "", 0) == [1, 2, 3]
    assert excerpt([1, 2, 3], "first", 2) == [1, 2]
    assert excerpt([1, 2, 3], "last", 2) == [2, 3]
