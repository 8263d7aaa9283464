"""The class on a terminal, drawn anew as it gets on; once for programs."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest

from nepishell.commands.journaling import open_journal
from nepishell.labs.main import main
from nepishell.labs.model import read_lab
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant
from tests.labs.building import write_lab


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A student, whose run keeps a journal."""
    lab = read_lab(write_lab(tmp_path / "lab", **{"start.nepi": "say hello\n"}))
    stage = Stage(lab, practice_variant(lab, "ann"), tmp_path / "runs")
    stage.ctx.journal = open_journal(stage.ec, print)
    stage.session.begin()
    return stage


def test_the_class_is_shown_once_where_no_terminal_is(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with stage:
        stage.session.check()

    assert main(["watch", str(tmp_path / "runs"), "--lab", str(tmp_path / "lab"), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["student"], row["lab"], row["step"], row["done"]) == (
        "ann", "small", "address", "0 of 2",
    )  # fmt: skip
    assert row["state"] == "left"


def test_what_students_write_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = tmp_path / "exp" / "1" / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    now = datetime.now(UTC).isoformat()
    lines = [
        {"k": "journal", "t": 0, "wall": now},
        {"k": "lab", "t": 1, "what": "start", "lab": "\x1b]0;mine\x07", "student": "\x1b[2Jann"},
        {"k": "lab", "t": 2, "what": "check", "check": "\r\x9b", "ok": False, "seen": "\u202e"},
    ]
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))

    assert main(["watch", str(tmp_path), "--once"]) == 0

    told = capsys.readouterr().out
    assert "ann" in told
    assert not set(told) & set("\x1b\x07\r\x9b\u202e")


def test_an_empty_class_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(tmp_path), "--once"]) == 0

    assert capsys.readouterr().out == "nobody does a lab here\n"


def test_wrong_words_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["watch", "--stuck", "soon"])
    assert "'soon' is not a duration" in capsys.readouterr().err

    assert main(["watch", str(tmp_path / "nowhere")]) == 2
    assert "no folder of runs" in capsys.readouterr().err


def test_the_table_follows_what_happens_until_ctrl_c(stage: Stage, tmp_path: Path) -> None:
    words = [
        "-m",
        "nepishell",
        "lab",
        "watch",
        str(tmp_path / "runs"),
        "--lab",
        str(tmp_path / "lab"),
    ]
    with stage:
        watching = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=30,
                                 dimensions=(24, 160))  # fmt: skip
        watching.expect("ann +small +address +0 of 2 +0 .*works")

        session = stage.session
        session.step = "tell"
        session.answer(session.lab.checks[2], session.variant.values["word"])
        session.check()
        watching.expect("ann +small +address +1 of 2")

        watching.sendintr()
        watching.expect("interrupted")
        watching.expect(pexpect.EOF)
        watching.close()

    assert watching.exitstatus == 130
