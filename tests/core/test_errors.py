"""Errors a person can cause."""

import pytest

from nepishell.core.errors import (
    BadValue,
    HostError,
    NepishellError,
    UnknownName,
    WrongState,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (UnknownName, LookupError),
        (UnknownName, KeyError),
        (BadValue, ValueError),
        (WrongState, RuntimeError),
        (HostError, OSError),
    ],
)
def test_each_kind_is_caught_as_what_nepi_scripts_catch(
    kind: type[NepishellError], builtin: type[Exception]
) -> None:
    with pytest.raises(builtin):
        raise kind("'x' is wrong")
    assert issubclass(kind, NepishellError)


@pytest.mark.parametrize("kind", [NepishellError, UnknownName, BadValue, WrongState, HostError])
def test_prints_as_the_one_line_it_was_given(kind: type[NepishellError]) -> None:
    assert str(kind("'9' is not a guid; known: 1, 2")) == "'9' is not a guid; known: 1, 2"


def test_suggests_the_closest_name() -> None:
    assert did_you_mean("depoly", ["deploy", "start"]) == "; did you mean 'deploy'?"


def test_suggests_nothing_when_nothing_is_close() -> None:
    assert did_you_mean("xyzzy", ["deploy", "start"]) == ""


def test_suggests_nothing_when_nothing_is_known() -> None:
    assert did_you_mean("deploy", []) == ""
