"""New labels, hosts, and names of a known kind."""

import pytest

from nepishell.core.errors import NepishellError
from nepishell.lang.types.names import HostType, KnownType, NewLabelType, NumberedType
from nepishell.lang.view import StaticView


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("all", "'all' cannot be a label: it means all resources"),
        ("h1", "label 'h1' is taken by resource 1; choose another"),
        ("1a", "'1a' is not a label; begin with a letter, then letters, digits, '-', '_', '.'"),
    ],
)
def test_a_label_that_cannot_be_given_is_refused(text: str, message: str, view: StaticView) -> None:
    with pytest.raises(NepishellError) as caught:
        NewLabelType().parse(view, {}, text)

    assert str(caught.value) == message


def test_a_taken_label_may_be_the_beginning_of_a_free_one(view: StaticView) -> None:
    assert NewLabelType().partial(view, {}, "h1")
    assert not NewLabelType().partial(view, {}, "1")


def test_a_host_may_be_anything_and_labels_are_offered(view: StaticView) -> None:
    assert HostType().parse(view, {}, "fe80::1%eth0") == "fe80::1%eth0"
    assert [each.text for each in HostType().complete(view, {}, "h", 9)] == ["h1", "h2"]


def test_a_known_name_completes_with_its_note(view: StaticView) -> None:
    [found] = KnownType(("task",)).complete(view, {}, "1", 9)

    assert (found.text, callable(found.note) and found.note(found.text)) == ("12", "every")


def test_an_unknown_name_is_refused(view: StaticView) -> None:
    with pytest.raises(NepishellError, match=r"^no param 'm'$"):
        KnownType(("param",)).parse(view, {}, "m")


@pytest.mark.parametrize("text", ["7", "%7", "%t7"])
def test_a_task_is_named_by_its_number(text: str, view: StaticView) -> None:
    assert NumberedType(("task",)).parse(view, {}, text) == 7


def test_the_mark_before_a_number_is_kept_in_completion(view: StaticView) -> None:
    assert [each.text for each in NumberedType(("task",)).complete(view, {}, "%1", 9)] == ["%12"]
