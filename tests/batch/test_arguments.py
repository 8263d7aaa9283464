"""What the command lines of batch take."""

import pytest

from nepishell.batch.arguments import parser_for
from nepishell.batch.exits import Exit


def test_a_recipe_is_named_where_lines_are_not_given() -> None:
    assert parser_for("nepishell run", file=True).parse_args(["star"]).file == "star"
    assert parser_for("nepishell", file=False).parse_args(["-c", "list"]).lines == "list"


def test_a_mistake_is_one_line_and_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        parser_for("nepishell run", file=True).parse_args([])

    assert stop.value.code == Exit.USAGE
    assert capsys.readouterr().err == (
        "nepishell run: the following arguments are required: FILE; see 'nepishell run --help'\n"
    )
