import io

import pytest

from nepishell.campaigns.live import Live
from nepishell.campaigns.manifest import DONE, FAILED, TODO, Planned

RUNS = [
    Planned(key=f"{word}{n}", parameters={"word": word}, repetition=n, point=point)
    for point, word in enumerate("ab")
    for n in (1, 2)
]
ROW = {"verdict": "ok", "metrics": {"p.rtt": 0.04}, "expected": ["p.rtt"], "lasted": 4.0}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("TERM", "xterm")


def live(out: io.StringIO) -> Live:
    made = Live("talk", out, clock=lambda: 0.0)
    made.begins({run.key: TODO for run in RUNS}, RUNS, 2)
    return made


def test_off_a_terminal_each_run_is_a_line() -> None:
    out = io.StringIO()
    watch = live(out)
    watch.started(RUNS[0])
    watch.ended(RUNS[0], ROW, DONE)
    watch.ended(RUNS[1], {**ROW, "verdict": "lost", "reason": "killed"}, "")
    watch.ended(RUNS[2], {**ROW, "verdict": "failed", "reason": "no", "metrics": {}}, FAILED)

    assert out.getvalue() == (
        "1/4 word=a #1: ok (p.rtt 40ms)\n"
        "1/4 word=a #2: lost: killed; begun again (p.rtt 40ms)\n"
        "2/4 word=b #1: failed: no\n"
    )


def test_on_a_terminal_a_table_is_painted_over() -> None:
    out = Terminal()
    watch = live(out)
    watch.started(RUNS[0])
    out.seek(0)
    out.truncate()
    watch.ended(RUNS[0], ROW, DONE)

    assert out.getvalue() == (
        "\x1b[4F\x1b[J"
        "talk ######.................. 1 of 4 runs, 0 running, about 6s to go\n"
        "\x1b[1mword\x1b[0m  \x1b[1mruns\x1b[0m  \x1b[1mnot ok\x1b[0m  \x1b[1mp.rtt\x1b[0m\n"
        "a     1/2           40ms\n"
        "b     0/2\n"
    )


def test_a_terminal_that_cannot_be_painted_over_gets_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    watch = live(out)
    watch.ended(RUNS[0], ROW, DONE)

    assert out.getvalue() == "1/4 word=a #1: ok (p.rtt 40ms)\n"


def test_a_run_that_fails_early_does_not_decide_which_numbers_are_shown() -> None:
    out = io.StringIO()
    watch = live(out)
    early = {"verdict": "failed", "reason": "no", "metrics": {"p.sent": 5.0, "p.loss": 1.0}}
    watch.ended(RUNS[0], early, FAILED)
    watch.ended(RUNS[1], {**ROW, "metrics": {"p.rtt": 0.04, "p.loss": 0.0}}, DONE)

    assert out.getvalue().splitlines() == [
        "1/4 word=a #1: failed: no (p.loss 1%, p.sent 5)",
        "2/4 word=a #2: ok (p.rtt 40ms)",
    ]


def test_a_failure_is_said_above_the_table() -> None:
    out = Terminal()
    watch = live(out)
    watch.ended(RUNS[0], {**ROW, "verdict": "failed", "reason": "no \x1b[2J"}, FAILED)

    assert "1/4 word=a #1: failed: no \\x1b[2J (p.rtt 40ms)\n" in out.getvalue()


def test_a_table_that_is_too_long_shows_the_points_that_are_worked_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINES", "10")
    many = [Planned(key=str(n), parameters={"n": str(n)}, repetition=1, point=n) for n in range(50)]
    out = Terminal()
    watch = Live("talk", out)
    watch.begins({run.key: DONE if run.point < 20 else TODO for run in many}, many, 2)

    lines = out.getvalue().splitlines()
    assert lines[-1].endswith("and 45 points more\x1b[0m")
    assert lines[-6].startswith("20 ")


def test_what_was_there_before_is_told_and_counted() -> None:
    out = io.StringIO()
    watch = Live("talk", out)
    watch.begins({run.key: DONE for run in RUNS}, RUNS, 2)

    assert out.getvalue() == "4 of 4 runs are there already\n"
    assert watch.estimate() is None


def test_the_estimate_counts_what_runs_side_by_side() -> None:
    watch = live(io.StringIO())
    watch.started(RUNS[0])
    watch.ended(RUNS[0], ROW, DONE)

    assert watch.estimate() == pytest.approx(4.0 * 3 / 2)
