"""Sample, by lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.engine.factory import ResourceFactory
from tests.commands.prober import Stand, open_stand
from tests.resources.test_sampling import Counter


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with open_stand(tmp_path) as stand:
        ResourceFactory.register_type(Counter)
        stand.session("add test::Counter counter")
        yield stand


def test_a_sample_is_told_and_used_by_others(stand: Stand) -> None:
    session = stand.session
    assert session.text("sample counter.asked") == "counter.asked is 1"
    session("sample counter.asked")
    assert session.text("expect counter.asked 2").startswith("ok")
    assert session.text("expect counter.asked.median 1..1.5").startswith("ok")
    assert session.text("trace counter asked | cols before,asked | csv") == (
        "before,asked\n0.0,1.0\n1.0,2.0"
    )


def test_samples_are_taken_while_something_runs(stand: Stand) -> None:
    stand.session("when counter.asked >= 3 say three",
                  "when counter.asked.sum >= 10 mark ten",
                  "every 1s while probe STARTED sample counter.asked")  # fmt: skip
    stand.start()
    stand.settle(2.5)
    assert stand.said == ["", ""]
    stand.settle(2.0)
    assert [text for text in stand.said if text] == ["three"]
    assert [text for _, text in stand.ec.marks] == ["ten"]


def test_what_takes_no_samples_says_so(stand: Stand) -> None:
    with pytest.raises(NepishellError, match="probe is a test::Prober: nothing takes samples"):
        stand.session("sample probe.rtt.avg")
