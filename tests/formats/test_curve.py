"""Numbers over time as SVG."""

from xml.etree import ElementTree as ET

from nepishell.formats.curve import svg
from nepishell.output.chart import Series
from tests.formats.test_picture import NS, texts


def series(count: int, **facts: object) -> Series:
    points = [(n / 10, float(n % 7)) for n in range(count)]
    return Series(name="a.b", points=points, show=lambda value: f"{value:g}ms", **facts)  # type: ignore[arg-type]


def circles(picture: str) -> int:
    return len(list(ET.fromstring(picture).iter(f"{NS}circle")))


def test_few_points_are_marked_each_and_many_are_a_line() -> None:
    assert circles(svg(series(20))) == 20
    assert circles(svg(series(2000))) == 0


def test_very_many_points_make_no_larger_picture() -> None:
    assert len(svg(series(200_000))) < 1.3 * len(svg(series(20_000)))


def test_percentiles_and_events_are_told() -> None:
    found = svg(series(20, lines=[("p95", 6.0)], events=[(1.0, "set <wire>"), (9.0, "later")]))
    assert "p95 6ms" in texts(found)
    assert "1  1.000s  set <wire>" in texts(found)
    assert not any("later" in text for text in texts(found))


def test_one_point_is_a_picture() -> None:
    assert circles(svg(series(1))) == 1
