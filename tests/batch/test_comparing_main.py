"""`nepishell compare`."""

import json

from nepishell.batch.comparing_main import main
from nepishell.batch.exits import Exit
from tests.batch.conftest import Play


def test_the_runs_of_two_recipes_are_compared(play: Play, state_home, capsys):
    for delay in ("5ms", "9ms"):
        play(f"add test::Node a,b\nadd test::Link w delay={delay}\nconnect a w b\ndeploy\n")
    names = sorted(path.parent.name for path in state_home.glob("*/*/journal.jsonl"))
    assert main(["--json", *names]) == Exit.DONE
    rows = json.loads(capsys.readouterr().out)
    found = [row for row in rows if row["about"] == "graph" and row["name"] == "w delay"]
    assert [(row["one"], row["other"]) for row in found] == [("5ms", "9ms")]


def test_runs_that_are_not_there_are_one_line(capsys):
    assert main(["one", "two"]) == Exit.USAGE
    assert capsys.readouterr().err == "nepishell: no run 'one'; see 'nepishell runs'\n"
