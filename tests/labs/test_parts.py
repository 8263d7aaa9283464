"""The words for moments are those that a lab writes."""

from nepishell.labs.parts import Moment, When


def test_a_moment_is_shown_as_it_is_written() -> None:
    assert str(Moment(when=When.AFTER, what="web FAILED")) == "after web FAILED"
    assert str(Moment(when=When.EVER)) == "ever"
    assert str(Moment()) == ""
