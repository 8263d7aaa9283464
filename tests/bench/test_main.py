import json

import pytest

from bench import __main__ as bench
from bench.figure import Figure

FIGURES = [Figure(name="tasks", unit="tasks/s", ours=250_000, at_least=200_000)]


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "load", lambda name: lambda: FIGURES if name == "tasks" else [])


def test_prints_one_line_per_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["tasks"]) == 0

    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "tasks", "tasks/s", "250,000", ">=", "200,000", "met",
    ]  # fmt: skip


def test_json_is_one_object_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    bench.main(["tasks", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["met"]) == ("tasks", True)


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        bench.main(["taks"])

    assert stop.value.code == 2
    assert "taks" in capsys.readouterr().err


def test_what_lasts_is_measured_only_when_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    bench.main([])

    said = capsys.readouterr().err
    assert "measuring graph" in said
    assert "measuring soak" not in said


def test_how_long_stands_behind_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(bench, "load", lambda name: lambda *args: asked.append((name, args)) or [])

    bench.main(["soak:60"])

    assert asked == [("soak", (60,))]


@pytest.mark.parametrize("name", ["soak:", "soak:x", "graph:5"])
def test_an_amount_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SystemExit):
        bench.main([name])
