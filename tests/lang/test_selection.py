"""Sets of resources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from nepishell.lang.errors import Bad
from nepishell.lang.selection import Term, parse, resolve
from nepishell.lang.view import StaticView


@pytest.mark.parametrize(
    ("text", "guids"),
    [
        ("3", (3,)),
        ("h1", (1,)),
        ("3-4", (3, 4)),
        ("h2,h1,h2", (2, 1)),
        ("web[1-3]", (10, 11, 12)),
        ("web[3,1]", (12, 10)),
        ("web[1-2,5],h1", (10, 11, 14, 1)),
        ("web[1]", (10,)),
        ("web*", (10, 11, 12, 13, 14, 15, 16, 17)),
        ("h?", (1, 2)),
        ("linux::Ping", (3, 4)),
        ("linux::*", (3, 4)),
        ("*::Ping", (3, 4)),
        ("@FAILED", (30,)),
        ("@started", (1, 2)),
        ("%g1", (1, 2)),
        ("%2", (3,)),
        ("lab3.n7", (31,)),
        ("h1,-h1,h2", (2,)),
        ("linux::Ping,-3", (4,)),
        ("-netns::Node", (3, 4)),
        ("all,-netns::*,-4", (3,)),
    ],
)
def test_a_set_means_these_resources_in_this_order(
    text: str, guids: tuple[int, ...], view: StaticView
) -> None:
    assert resolve(text, view) == guids


def test_all_is_every_resource(view: StaticView) -> None:
    assert resolve("all", view) == tuple(view.guids())


@pytest.mark.parametrize(
    ("text", "message", "culprit"),
    [
        ("h3", "no resource 'h3'", "h3"),
        ("h1,h3", "no resource 'h3'", "h3"),
        ("all,-h3", "no resource 'h3'", "h3"),
        ("5", "no resource 5; known: 1-4,10-17,30-31", "5"),
        ("3-5", "no resource 5", "3-5"),
        ("5-3", "'5-3' is empty; write the smaller number first", "5-3"),
        ("web[1-9]", "no resource 'web9'", "web[1-9]"),
        ("web[0-1,9-12]", "no resource 'web[0,9-12]'", "web[0-1,9-12]"),
        ("wed[1-2]", "no resource 'wed[1-2]'; did you mean 'web1'?", "wed[1-2]"),
        ("web[2-1]", "'web[2-1]': '2-1' is empty; write the smaller number first", "web[2-1]"),
        ("web[x]", "'web[x]': 'x' is not a number or a range, as in web[1-8,11]", "web[x]"),
        ("web[1-2", "'web[1-2': '[' is not closed", "["),
        ("h1,,h2", "'h1,,h2': a name is missing", ","),
        ("x*", "no label matches 'x*'", "x*"),
        ("linux::Pong", "no resource type 'linux::Pong'; did you mean 'linux::Ping'?",
         "linux::Pong"),
        ("netns::Switch", "no resource of type 'netns::Switch'", "netns::Switch"),
        ("@RELEASED", "no resource is RELEASED", "@RELEASED"),
        ("%x", "'%x' is not a group; write %g and its number, as in %g2", "%x"),
        ("%g9", "no group 9", "%g9"),
        ("h1,-h1", "'h1,-h1' leaves no resource", "h1,-h1"),
        ("1-9999999999", "'1-9999999999' is longer than 100000", "1-9999999999"),
        ("web[1-9999999999]", "'web[1-9999999999]' stands for more than 100000 names",
         "web[1-9999999999]"),
    ],
)  # fmt: skip
def test_what_matches_nothing_is_named(
    text: str, message: str, culprit: str, view: StaticView
) -> None:
    with pytest.raises(Bad) as caught:
        resolve(text, view)

    assert str(caught.value) == message
    length = caught.value.length
    assert text[caught.value.offset :][: len(text) if length is None else length] == culprit


def test_nothing_can_be_chosen_from_an_empty_experiment() -> None:
    with pytest.raises(Bad, match="there are no resources yet"):
        resolve("all", StaticView())
    with pytest.raises(Bad, match="no resource 3; there are no resources yet"):
        resolve("3", StaticView())


def test_a_comma_inside_brackets_is_not_a_union() -> None:
    assert parse("a[1,2],-b") == [Term("a[1,2]", 0), Term("b", 8, minus=True)]


@given(text=st.text(alphabet="h12w eb[]-,*@%:all9²", max_size=12))
def test_any_text_is_a_set_or_an_error(text: str, view: StaticView) -> None:
    try:
        found = resolve(text, view)
    except NepishellError:
        return
    assert found
    assert len(set(found)) == len(found)
