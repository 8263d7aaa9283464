"""Numbers that are taken when somebody asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell import ExperimentController
from nepishell.core.errors import UnknownName
from nepishell.core.traces import Trace, TraceAttr
from nepishell.engine.factory import ResourceFactory
from nepishell.resources.sampling import Sampling
from nepishell.testing import advance, virtual


class Counter(Sampling):
    """Counts how often it was asked."""

    rtype = "test::Counter"
    traces = (Trace("asked", enabled=True), Trace("quiet"))
    samples = {"asked": ("before", "asked"), "quiet": ("quiet",)}
    times = 0

    def take(self, name: str) -> tuple[float, ...]:
        self.times += 1
        return (self.times - 1, self.times) if name == "asked" else (7,)


@pytest.fixture
def ec(tmp_path: Path) -> Iterator[ExperimentController]:
    with virtual(local_dir=tmp_path) as ec:
        ResourceFactory.register_type(Counter)
        yield ec


@pytest.fixture
def counter(ec: ExperimentController) -> Counter:
    rm = ec.get_resource(ec.register_resource("test::Counter"))
    assert isinstance(rm, Counter)
    return rm


def test_a_sample_is_a_metric_and_a_row_of_a_trace(
    ec: ExperimentController, counter: Counter
) -> None:
    assert counter.metrics() == {}
    assert ec.trace(1, "asked") is None
    assert counter.sample("asked") == 1
    advance(ec, 1.5)
    assert counter.sample("asked") == 2
    assert counter.metrics() == {"asked": 2}
    assert ec.trace(1, "asked") == "time,before,asked\n0.0000,0,1\n1.5000,1,2\n"
    assert ec.trace(1, "asked", TraceAttr.SIZE) == 40
    assert counter.report().tables["asked"].rows == [("0.0000", "0", "1"), ("1.5000", "1", "2")]


def test_what_is_not_recorded_is_told_all_the_same(
    ec: ExperimentController, counter: Counter
) -> None:
    assert counter.sample("quiet") == 7
    assert ec.trace(1, "quiet") is None


def test_who_listens_is_told_until_it_ends(counter: Counter) -> None:
    heard: list[float] = []
    stop = counter.on_sample("asked", heard.append)
    counter.sample("quiet")
    counter.sample("asked")
    stop()
    counter.sample("asked")
    assert heard == [2]


def test_what_cannot_be_asked_for_is_named(counter: Counter) -> None:
    with pytest.raises(UnknownName, match="samples of 'nothing' of counter1; it has asked"):
        counter.sample("nothing")
    with pytest.raises(UnknownName, match="did you mean 'asked'"):
        counter.sample("aske")
