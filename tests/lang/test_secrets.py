"""Which parts of a line are secret, in good lines and in bad ones."""

from collections.abc import Callable

import pytest

from nepishell.core.attributes import Attribute, Flags, Types
from nepishell.lang.call import Writer
from nepishell.lang.grammar import Grammar
from nepishell.lang.secrets import masked
from nepishell.lang.view import StaticRow, StaticType, StaticView
from nepishell.lang.walk import Walk, walk

HOST = StaticType(
    attributes={
        "user": Attribute("user"),
        "password": Attribute("password", flags=Flags.Credential),
        "pin": Attribute("pin", type=Types.Integer, flags=Flags.Credential),
    }
)


Read = Callable[[str], Walk]


@pytest.fixture
def read(grammar: Grammar) -> Read:
    view = StaticView([StaticRow(1, "Host", "lab")], {"Host": HOST})
    return lambda line: walk(grammar, line, view, params={"pw": "hunter2"})


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("set lab password hunter2", "set lab password ****"),
        ("set lab password 'hunter 2'", "set lab password ****"),
        ("set lab password hunter 2", "set lab password **** ****"),
        ("set lab pasword hunter2", "set lab pasword ****"),
        ("set lba password hunter2", "set lba password ****"),
        ("add Host b password=hunter2 user=me", "add Host b password=**** user=me"),
        ("add Host b password='hunter 2'", "add Host b password=****"),
        ("add Hots b password=hunter2", "add Hots b password=****"),
        ("at 5s set lab password hunter2", "at 5s set lab password ****"),
        ("list; set lab password hunter2; list", "list; set lab password ****; list"),
        ("set lab user hunter2", "set lab user hunter2"),
        ("set lab password ${pw}", "set lab password ${pw}"),
        ("add Host b password=${pw}", "add Host b password=${pw}"),
        ("", ""),
    ],
)
def test_a_secret_is_masked_whatever_the_line_is_worth(read: Read, line: str, shown: str) -> None:
    found: Walk = read(line)
    assert masked(line, found.secrets) == shown
    assert len(masked(line, found.secrets, same_length=True)) == len(line)


@pytest.mark.parametrize(
    "line",
    [
        "set lab password hunter2 more",
        "set lab password hunter hunter2",
        "set lab pin hunter2",
        "add Host b pin=hunter2",
        "set lba password hunter2",
        "set lab password hunter2 ; lits",
    ],
)
def test_an_error_does_not_repeat_a_secret(read: Read, line: str) -> None:
    error = read(line).error
    assert error is not None
    assert "hunter" not in f"{error} {error.message} {error.text} {error.render()}"


def test_a_call_is_written_for_people_without_its_secrets(read: Read, grammar: Grammar) -> None:
    view = StaticView([StaticRow(1, "Host", "lab")], {"Host": HOST})
    call = read("at 5s set lab password hunter2").call
    assert Writer(grammar, view, hide=True).line(call) == "at 5s set lab password ****"
    assert Writer(grammar, view).line(call) == "at 5s set lab password hunter2"


def test_what_is_being_typed_behind_a_secret_is_shown(read: Read) -> None:
    line = "add Host b password=hunter2 us"
    assert masked(line, read(line).secrets) == "add Host b password=**** us"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("set lab password ${pw}", {"pw"}),
        ("add Host b password=${pw} user=${pw2}", {"pw"}),
        ("set lab password x${pw}y", {"pw"}),
        ("list; set lab password ${pw}", {"pw"}),
        ("set lab user ${pw}", set()),
        ("", set()),
    ],
)
def test_parameters_that_become_secrets_are_known(read: Read, line: str, names: set[str]) -> None:
    assert read(line).secret_parameters == names
