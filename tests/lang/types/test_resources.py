"""Resources, sets of them, and numbers that they report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.lang.names import Fit
from nepishell.lang.types.names import HostType
from nepishell.lang.types.resources import GuidsType, GuidType, LabelType, Metric, MetricType
from nepishell.lang.view import StaticRow, StaticView


def test_a_resource_is_named_by_number_or_label(view: StaticView) -> None:
    assert GuidType().parse(view, {}, "3") == GuidType().parse(view, {}, "probe") == 3
    assert GuidType().format(3, view, {}) == "probe"
    assert GuidType().format(3, None, {}) == "3"
    assert GuidType().format(4, view, {}) == "4"


def test_numbers_are_offered_for_resources_without_a_label(view: StaticView) -> None:
    found = [each.text for each in GuidType().complete(view, {}, "", 99)]

    assert "4" in found
    assert "3" not in found
    assert [each.text for each in GuidType().complete(view, {}, "1", 3)] == ["1", "10", "11"]
    assert "4" not in [each.text for each in LabelType().complete(view, {}, "", 99)]


def test_never_more_is_offered_than_asked_for() -> None:
    rows = [StaticRow(n, "a::B", f"x{n}" if n % 2 else "") for n in range(1, 500)]
    view = StaticView(rows)

    for kind in (GuidType(), LabelType()):
        assert len(list(kind.complete(view, {}, "", 20))) == 20


def test_a_set_is_written_in_labels_when_all_have_one(view: StaticView) -> None:
    kind = GuidsType()

    assert kind.format((10, 11, 1), view, {}) == "web[1-2],h1"
    assert kind.format((3, 4), view, {}) == "3-4"
    assert kind.format((3, 4), None, {}) == "3-4"


def test_those_in_the_wanted_state_are_offered_first() -> None:
    rows = [
        StaticRow(1, "a::B", "a"),
        StaticRow(2, "a::B", "b", ResourceState.STARTED),
        StaticRow(3, "a::B", "c", ResourceState.STARTED),
    ]
    found = GuidsType(("STARTED",)).complete(StaticView(rows), {}, "", 9)

    assert [each.text for each in found] == ["b", "c", "a", "all"]


def test_those_in_the_wanted_state_are_found_beyond_the_first_names() -> None:
    rows = [StaticRow(n, "a::B", f"x{n:03}") for n in range(1, 300)]
    rows.append(StaticRow(300, "a::B", "x300", ResourceState.STARTED))
    found = GuidsType(("STARTED",)).complete(StaticView(rows), {}, "x", 5)

    assert [each.text for each in found] == ["x300", "x001", "x002", "x003", "x004"]


@given(st.sets(st.integers(1, 2000)), st.integers(0, 2000))
def test_guids_are_found_by_their_first_digits(known: set[int], number: int) -> None:
    rows = [StaticRow(guid, "a::B") for guid in known]
    found = [each.text for each in GuidType().complete(StaticView(rows), {}, str(number), 9999)]

    assert found == [str(guid) for guid in sorted(known) if str(guid).startswith(str(number))]


@pytest.mark.parametrize(
    ("typed", "fit", "found"),
    [("eb3", Fit.PART, ["web3"]), ("wb3", Fit.LETTERS, ["web3"]), ("wb3", Fit.PART, [])],
)
def test_labels_are_found_by_a_part_and_by_their_letters(
    typed: str, fit: Fit, found: list[str], view: StaticView
) -> None:
    for kind in (GuidType(), GuidsType(), HostType()):
        assert [each.text for each in kind.similar(view, {}, typed, fit, 9)] == found
    [metric] = MetricType().similar(view, {}, "rob", Fit.PART, 9)
    assert (metric.text, callable(metric.note) and metric.note(metric.text)) == (
        "probe.", "#3 linux::Ping READY",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("probe.rtt.avg", Metric(3, "rtt.avg")),
        ("3.loss", Metric(3, "loss")),
        ("lab3.n7.x", Metric(31, "x")),
    ],
)
def test_a_metric_is_a_resource_and_a_path(text: str, metric: Metric, view: StaticView) -> None:
    kind = MetricType()

    assert kind.parse(view, {}, text) == metric
    assert kind.parse(view, {}, kind.format(metric, view, {})) == metric
    assert kind.parse(view, {}, kind.format(metric, None, {})) == metric


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("probe", "'probe' is a resource; add what it reports, as in probe.rtt.avg"),
        ("probe.rtt.agv", "'probe.rtt.agv': resource 3 reports no 'rtt.agv'; "
         "did you mean 'rtt.avg'?"),
        ("nobody.x", "'nobody.x' begins with no label"),
    ],
)  # fmt: skip
def test_a_metric_that_is_none_is_refused(text: str, message: str, view: StaticView) -> None:
    with pytest.raises(NepishellError) as caught:
        MetricType().parse(view, {}, text)

    assert str(caught.value) == message
