import pytest

from bench.figure import Figure, number, row, verdict


def test_with_a_peer_the_bound_is_on_the_ratio() -> None:
    figure = Figure(name="deploy", unit="s", ours=1.0, theirs=16.0, peer="mininet", at_most=1 / 8)

    assert figure.ratio == 1 / 16
    assert verdict(figure) == "met"


def test_without_a_peer_the_bound_is_on_ours() -> None:
    assert verdict(Figure(name="tasks", ours=150_000, at_least=200_000)) == "not met"


def test_a_peer_that_is_missing_leaves_the_bound_undecided() -> None:
    assert verdict(Figure(name="deploy", ours=1.0, peer="mininet", at_most=0.125)) == ""


def test_what_was_skipped_says_why() -> None:
    cells = row(Figure(name="deploy", skipped="mn is not installed"))

    assert cells == ["deploy", "", "", "", "", "", "skipped", "mn is not installed"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0.12345, "0.123"), (12.3456, "12.3"), (52001.4, "52,001")]
)
def test_numbers_have_the_digits_that_mean_something(value: float | None, text: str) -> None:
    assert number(value) == text
