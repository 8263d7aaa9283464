"""What of the environment of a lent terminal counts; sessions are tried in tests/screens."""

import pytest
from prompt_toolkit.output import ColorDepth

from nepishell.commands.sharing import AttachedTerminal
from nepishell.shell.attached import _depth


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, ColorDepth.DEPTH_1_BIT),
        ({"COLORTERM": "truecolor"}, ColorDepth.DEPTH_24_BIT),
        ({"TERM": "xterm"}, None),
    ],
)
def test_colours_are_those_of_who_lent_it(
    environ: dict[str, str], depth: ColorDepth | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "24bit")
    assert _depth(AttachedTerminal(0, 1, environ)) is depth
