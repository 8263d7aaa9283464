"""What can be asked of a lab, as values."""

import pytest

from nepishell.hosts.netns.model import LinkReport, Measured, Shape


@pytest.mark.parametrize(
    ("shape", "plain", "rate_only"),
    [
        (Shape(), True, False),
        (Shape(up=False), True, False),
        (Shape(rate=1e6), False, True),
        (Shape(rate=1e6, queue=10), False, True),
        (Shape(rate=1e6, delay=0.1), False, False),
        (Shape(loss=1.0), False, False),
    ],
)
def test_a_shape_knows_how_much_it_asks(shape: Shape, plain: bool, rate_only: bool) -> None:
    assert (shape.is_plain, shape.is_rate_only) == (plain, rate_only)


def test_a_report_without_measures_has_none() -> None:
    report = LinkReport(engine="veth", why="nothing to emulate")
    assert report.forward == report.backward == Measured()
