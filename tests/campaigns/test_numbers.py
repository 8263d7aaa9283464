import json
from pathlib import Path

import pytest

from nepishell.batch.main import main_without_file
from nepishell.campaigns.numbers import at_the_end, expected, kind_of_metric
from nepishell.journal.runs import runs
from tests.commands import stand


def said(what: str, value: float | None = None, *, ok: bool = True) -> str:
    more = {} if value is None else {"value": value}
    return json.dumps({"message": "...", "ok": ok, "what": what, **more})


def test_a_number_that_the_recipe_expects_is_the_one_it_saw() -> None:
    assert expected([said("probe.rtt.min", 0.0405), said("probe.loss", 0)]) == {
        "probe.rtt.min": 0.0405,
        "probe.loss": 0.0,
    }


def test_the_second_of_two_with_one_name_has_a_number() -> None:
    assert expected([said("p.rtt", 1), said("p.rtt", 2), said("p.rtt", 3)]) == {
        "p.rtt": 1.0, "p.rtt#2": 2.0, "p.rtt#3": 3.0
    }  # fmt: skip


def test_what_is_no_number_or_did_not_hold_is_no_metric() -> None:
    lines = [said("wire.up"), said("p.rtt", 1, ok=False), "[1, 2]", "{half", "talk", "{}"]

    assert expected(lines) == {}


def test_an_expectation_prints_its_number_for_programs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stand.register()
    main_without_file(
        ["--json", "-c", "add test::Node n; add test::App a on n; deploy; wait a STARTED; "
         "expect a.rtt.avg 40ms..45ms; expect a.fails false"]
    )  # fmt: skip

    assert expected(capsys.readouterr().out.splitlines()) == {"a.rtt.avg": 0.042}


def test_a_number_that_nothing_reports_is_told_as_missing(home: Path) -> None:
    main_without_file(["-c", "say hello"])
    (run,) = runs(home / "state" / "nepishell")

    found, missing = at_the_end(run, ["probe.rtt.p95"])

    assert found == {}
    assert len(missing) == 1
    assert missing[0].startswith("probe.rtt.p95: ")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("p.rtt.min", "duration"), ("p.rtt.min#2", "duration"), ("p.loss", "percent"),
     ("p.sent", "number")],
)  # fmt: skip
def test_the_name_of_a_metric_tells_its_unit(name: str, kind: str) -> None:
    assert kind_of_metric(name) == kind
