"""The argument types of our own commands."""

from pathlib import Path

import pytest

from nepishell.commands.argument_types import (
    MeasureType,
    NewLabelsType,
    RunType,
    SpanType,
    WantedType,
)
from nepishell.core.errors import NepishellError
from nepishell.lang.types.resources import Metric
from tests.commands.stand import Session


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("web", ("web",)),
        ("web[1-3]", ("web1", "web2", "web3")),
        ("a,b[01-02],c", ("a", "b01", "b02", "c")),
    ],
)
def test_names_are_unfolded_and_folded_again(
    session: Session, text: str, labels: tuple[str, ...]
) -> None:
    kind, view = NewLabelsType(), session.interpreter.view()
    assert kind.parse(view, {}, text) == labels
    assert kind.parse(view, {}, kind.format(labels, view, {})) == labels


@pytest.mark.parametrize("text", ["", "1", "a,", "a,a", "web[", "web[x]", "a b", "h1"])
def test_what_is_no_new_name_is_refused(pair: Session, text: str) -> None:
    with pytest.raises(NepishellError):
        NewLabelsType().parse(pair.interpreter.view(), {}, text)


@pytest.mark.parametrize("text", ["w", "web[", "web[1-", "a,", "a,b"])
def test_what_may_become_names_is_not_red(session: Session, text: str) -> None:
    assert NewLabelsType().partial(session.interpreter.view(), {}, text)


def test_a_measure_of_what_has_not_run_is_believed(pair: Session) -> None:
    kind, view = MeasureType(), pair.interpreter.view()
    assert kind.parse(view, {}, "probe.rtt.p99") == Metric(4, "rtt.p99")
    with pytest.raises(NepishellError, match="did you mean 'delay'"):
        kind.parse(view, {}, "wire.dealy")


def test_a_span_is_a_duration(session: Session) -> None:
    assert SpanType().parse(session.interpreter.view(), {}, "1.5s") == 1.5


def test_a_wanted_value_goes_on_after_an_operator(session: Session) -> None:
    kind = WantedType()
    assert kind.continues(">=")
    assert str(kind.parse(session.interpreter.view(), {}, ">= 3")) == ">= 3"
    with pytest.raises(NepishellError, match="empty range"):
        kind.parse(session.interpreter.view(), {}, "3..1")


def test_runs_of_this_machine_are_offered_the_newest_first(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for run in ("demo/2025", "demo/2026", "other/1999"):
        (tmp_path / "nepishell" / run).mkdir(parents=True)
        (tmp_path / "nepishell" / run / "journal.jsonl").touch()
    kind, view = RunType(), session.interpreter.view()
    assert [one.text for one in kind.complete(view, {}, "", 10)][:3] == ["2026", "2025", "1999"]
    assert [one.text for one in kind.complete(view, {}, "de", 10)] == ["demo"]
    assert kind.parse(view, {}, "anything") == "anything"
