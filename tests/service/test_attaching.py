"""Finding the run to attach to; terminals are tried in tests/screens."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.journal.runs import Fate, Run
from nepishell.service.attaching import _alive, attach_parser, main


def test_without_a_terminal_it_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 2
    assert "a prompt needs a terminal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fate", "why"),
    [
        (Fate.ENDED, "has ended"),
        (Fate.ORPHANED, "'nepishell resume 7' goes on"),
        (Fate.BROKEN, "altered"),
        (Fate.RUNNING, "'detach' at its prompt lets others come in"),
    ],
)
def test_where_nobody_can_come_in_it_says_what_to_do(tmp_path: Path, fate: Fate, why: str) -> None:
    with pytest.raises(NepishellError, match=why):
        _alive(Run(path=tmp_path / "7", head={}, fate=fate, problem="altered"))


def test_it_takes_the_name_of_a_run() -> None:
    assert attach_parser().parse_args(["demo"]).run == "demo"
    assert attach_parser().parse_args([]).run == ""
