from collections.abc import Callable

import pytest

from nepishell.campaigns.carrying import Errand, Row
from nepishell.campaigns.results import Results, mean_text
from nepishell.core.errors import UnknownName
from tests.campaigns.conftest import Conducted, define, fine


@pytest.fixture
def results(conduct: Callable[..., Conducted]) -> Results:
    """Two points of three runs; of b the second failed before it measured anything."""

    def answer(errand: Errand) -> Row:
        if errand.parameters["word"] == "b" and errand.repetition == 2:
            return fine(errand, verdict="failed", reason="no", metrics={})
        return fine(errand, metrics={"p.rtt": errand.repetition / 100, "p.sent": 5.0},
                    expected=["p.rtt"])  # fmt: skip

    return Results(conduct(define(repeat=3), answer).manifest)


def test_each_run_is_a_row_with_parameters_numbers_and_verdict(results: Results) -> None:
    records = results.per_run()
    names = [column.name for column in records.columns]

    assert names[:5] == ["word", "repetition", "p.rtt", "p.sent", "verdict"]
    assert [row[:6] for row in records.rows] == [
        ("a", 1, 0.01, 5.0, "ok", ""), ("a", 2, 0.02, 5.0, "ok", ""),
        ("a", 3, 0.03, 5.0, "ok", ""), ("b", 1, 0.01, 5.0, "ok", ""),
        ("b", 2, None, None, "failed", "no"), ("b", 3, 0.03, 5.0, "ok", ""),
    ]  # fmt: skip


def test_each_point_is_a_row_with_the_interval_of_student(results: Results) -> None:
    first, second = results.per_point(["p.rtt"]).rows

    # t(2, 97.5 %) = 4.3027, s = 0.01, n = 3
    assert first[:6] == ("a", 3, 3, 0, 0, 0)
    assert first[6:] == pytest.approx((0.02, 0.02 - 0.024841, 0.02 + 0.024841, 3), abs=1e-5)
    assert second[:6] == ("b", 3, 2, 1, 0, 0)
    assert second[9] == 2


def test_what_the_recipe_expects_comes_first_of_the_metrics(results: Results) -> None:
    assert results.metrics == ["p.rtt", "p.sent"]
    assert results.metric("p.sent") == "p.sent"
    with pytest.raises(UnknownName, match=r"no metric 'p\.rt'; did you mean 'p\.rtt'\?"):
        results.metric("p.rt")


def test_a_number_of_one_run_has_no_interval() -> None:
    assert mean_text([0.04], "p.rtt") == "40ms"
    assert mean_text([0.04, 0.04], "p.rtt") == "40ms ±0s"
    assert mean_text([], "p.rtt") == ""
