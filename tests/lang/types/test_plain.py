"""Types that need no experiment."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.lang.types.base import ArgType
from nepishell.lang.types.plain import (
    ActionType,
    ChoiceType,
    IntType,
    NumberType,
    PathType,
    StateType,
    TextType,
)
from nepishell.lang.view import StaticView

VIEW = StaticView()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (TextType(), "a b", "a b"),
        (IntType(), "-3", -3),
        (IntType(("1", "5")), "5", 5),
        (NumberType(), "-0.5", -0.5),
        (NumberType(), "1e3", 1000.0),
        (ChoiceType(("a", "b")), "b", "b"),
        (StateType(), "started", ResourceState.STARTED),
        (ActionType(), "DEPLOY", ResourceAction.DEPLOY),
        (PathType(), "a b/c", "a b/c"),
    ],
)
def test_a_word_is_parsed_and_written_back(kind: ArgType, text: str, value: object) -> None:
    assert kind.parse(VIEW, {}, text) == value
    assert kind.parse(VIEW, {}, kind.format(value, VIEW, {})) == value
    assert kind.parse(VIEW, {}, kind.example(VIEW, {})) is not None


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (IntType(), "1.5", "'1.5' is not a whole number; write digits, as in 42"),
        (IntType(), "²", "'²' is not a whole number; write digits, as in 42"),
        (IntType(("1",)), "0", "'0' is less than 1"),
        (IntType(("1", "5")), "6", "'6' is more than 5"),
        (NumberType(), "nan", "'nan' is not a number; write digits, as in 0.5"),
        (NumberType(), "1_0", "'1_0' is not a number; write digits, as in 0.5"),
        (ChoiceType(("json", "xml")), "jsn", "'jsn' is not one of json, xml; did you mean 'json'?"),
        (PathType(), "", "an empty path; write a file's name"),
    ],
)
def test_a_wrong_word_is_refused_with_a_reason(kind: ArgType, text: str, message: str) -> None:
    with pytest.raises(NepishellError) as caught:
        kind.parse(VIEW, {}, text)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("kind", "begun", "wrong"),
    [
        (IntType(), ["", "-", "4"], ["x", "--", "4x"]),
        (IntType(("0",)), ["", "4"], ["-"]),
        (NumberType(), ["", "-", "1.", "1e", "1e-", "."], ["x", "1..", "--"]),
        (ChoiceType(("json", "xml")), ["", "j"], ["y"]),
        (StateType(), ["", "st", "ST"], ["q"]),
    ],
)
def test_what_may_become_right_is_told_from_what_cannot(
    kind: ArgType, begun: list[str], wrong: list[str]
) -> None:
    assert [text for text in begun if not kind.partial(VIEW, {}, text)] == []
    assert [text for text in wrong if kind.partial(VIEW, {}, text)] == []


def test_paths_complete_with_folders_open(tmp_path: Path) -> None:
    (tmp_path / "a.nepi").touch()
    (tmp_path / "a.txt").touch()
    (tmp_path / "ab").mkdir()
    (tmp_path / ".hidden").touch()
    kind = PathType((".nepi",))

    found = [(each.text, each.more) for each in kind.complete(VIEW, {}, f"{tmp_path}/", 9)]

    assert found == [(f"{tmp_path}/a.nepi", False), (f"{tmp_path}/ab/", True)]


@pytest.mark.parametrize("prefix", ["/nonexistent/x", "a\0b/", "~nobody-at-all/"])
def test_a_folder_that_cannot_be_read_completes_to_nothing(prefix: str) -> None:
    assert list(PathType().complete(VIEW, {}, prefix, 9)) == []
