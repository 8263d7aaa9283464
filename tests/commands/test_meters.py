"""Numbers as they come."""

from pathlib import Path

import pytest

from nepishell.commands.meters import WINDOW, Window, meter
from nepishell.core.errors import NepishellError
from tests.commands.prober import open_stand


@pytest.mark.parametrize(
    ("name", "value"),
    [("last", 299.0), ("max", 299.0), ("min", 300.0 - WINDOW), ("count", 300.0), ("first", 0.0),
     ("sum", 299 * 150.0), ("median", 249.5)],
)  # fmt: skip
def test_a_statistic_is_of_the_last_or_of_all(name: str, value: float) -> None:
    window = Window(name)
    assert window.add([]) is None
    window.add(map(float, range(150)))
    assert window.add(map(float, range(150, 300))) == value


def test_numbers_come_in_base_units_with_their_kind(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        seen: list[tuple[float, str]] = []
        found = meter(stand.ec, stand.probe, "rtt.last", lambda *one: seen.append(one))
        found.start()
        stand.start()
        stand.say("rtt_ms", "10", "x", "20")
        stand.say("x")
        found.stop()
        stand.say("30")
    assert seen == [(0.02, "duration")]


def test_what_records_nothing_cannot_be_followed(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.session("add test::Node h1")
        with pytest.raises(NepishellError, match="h1 is a test::Node: 'rtt' of it cannot be"):
            meter(stand.ec, stand.session.ctx.rm(2), "rtt", lambda value, kind: None)


def test_of_a_long_output_the_end_is_read(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        seen: list[float] = []
        stand.start()
        stand.say("rtt_ms", *["900"] * 30_000)
        stand.say(*["10"] * 100)
        meter(stand.ec, stand.probe, "rtt.max", lambda value, kind: seen.append(value)).start()
        assert seen == [0.01]
        assert stand.probe.parsed < 70_000


def test_what_has_stopped_is_as_it_was_last(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        seen: list[float] = []
        stand.start()
        stand.say("rtt_ms", "10", "20")
        stand.session("stop probe")
        stand.settle()
        meter(stand.ec, stand.probe, "rtt.max", lambda value, kind: seen.append(value)).start()
    assert seen == [0.02]
