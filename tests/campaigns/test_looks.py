import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nepishell.campaigns.carrying import Errand, Row
from nepishell.campaigns.main import main
from tests.campaigns.conftest import Conducted, define, fine

Look = Callable[..., str]


@pytest.fixture
def look(conduct: Callable[..., Conducted], capsys: pytest.CaptureFixture[str]) -> Look:
    """`nepishell campaign ...` on one whose numbers of b are ten times those of a."""

    def answer(errand: Errand) -> Row:
        times = {"a": 1, "b": 10}[errand.parameters["word"]]
        value = times * (0.01 + errand.repetition / 1e5)
        return fine(errand, metrics={"p.rtt.min": value})

    conduct(define(repeat=3), answer)

    def run(*argv: str) -> str:
        assert main(list(argv)) == 0
        return capsys.readouterr().out

    return run


def test_status_tells_how_it_stands(look: Look, home: Path) -> None:
    assert look("status").split() == [
        f"{home.relative_to(home)}campaigns/talk:".removeprefix("."), "6", "runs:", "6", "done",
        "word", "runs", "not", "ok", "p.rtt.min",
        "a", "3/3", "10.02ms", "±25us", "b", "3/3", "100.2ms", "±250us",
    ]  # fmt: skip


def test_status_for_programs_is_one_line_of_json(look: Look) -> None:
    found = json.loads(look("status", "--json"))

    assert found["states"] == {"done": 6}
    assert [point["p.rtt.min.n"] for point in found["points"]] == [3, 3]


def test_points_are_compared_with_the_first(look: Look) -> None:
    (row,) = json.loads(look("compare", "--json"))

    assert (row["point"], row["base"], row["verdict"]) == ("word=b", "word=a", "greater")
    assert (row["mean"], row["base_mean"]) == ("100.2ms ±250us", "10.02ms ±25us")
    assert row["difference"].startswith("+90.18ms ±")


def test_a_campaign_that_is_compared_with_itself_does_not_differ(look: Look) -> None:
    rows = json.loads(look("compare", "--json", "--with", "campaigns/talk"))

    assert [row["verdict"] for row in rows] == ["not sure"] * 2


def test_plot_draws_a_chart_or_writes_a_picture(look: Look) -> None:
    assert "p.rtt.min, mean and 95% interval" in look("plot", "p.rtt.min")
    assert look("plot", "p.rtt.min", "--to", "a.svg") == "wrote a.svg\n"
    assert Path("a.svg").read_text().startswith("<svg ")


def test_export_writes_a_row_for_each_run_or_point(look: Look) -> None:
    assert look("export", "runs.csv") == "wrote runs.csv\n"
    head, *rows = Path("runs.csv").read_text().splitlines()
    assert head.startswith("word,repetition,p.rtt.min,verdict,")
    assert len(rows) == 6
    assert look("export", "-", "--points").splitlines()[0] == (
        "word,runs,done,failed,suspect,lost,p.rtt.min,p.rtt.min.low,p.rtt.min.high,p.rtt.min.n"
    )


def test_the_table_is_there_for_programs_that_read_columns_with_types(look: Look) -> None:
    look("export", "runs.parquet")

    found = pq.read_table("runs.parquet").to_pydict()
    assert found["word"] == ["a"] * 3 + ["b"] * 3
    assert found["p.rtt.min"][0] == pytest.approx(0.01001)
    assert found["repetition"] == [1, 2, 3] * 2


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["plot", "p.rt"], "no metric 'p.rt'; did you mean 'p.rtt.min'?"),
        (["plot", "--by", "wrod"], "no parameter 'wrod' is varied; did you mean 'word'?"),
        (["export", "t.xlsx"], "'t.xlsx': its name must end in .csv, .json or .parquet"),
        (["export", "no/t.csv"], "no/t.csv: cannot be written: no such file or directory"),
        (["status", "--in", "nowhere"], "no campaign in nowhere: there is no campaign.toml in it"),
    ],
)
def test_a_mistake_is_one_line(
    look: Look, argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err == f"nepishell: {message}\n"
