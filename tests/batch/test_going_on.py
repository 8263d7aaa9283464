"""A recipe that failed goes on where it stopped, unless it is another one by now."""

import subprocess
import sys
from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.going_on import After, done_in
from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.journal.chain import Record
from nepishell.replay.recipe import Recipe
from nepishell.testing import virtual
from tests.batch.conftest import Play

TEXT = """\
param word=hello
add local::Node here
deploy
for n in here
  exec ${n} echo ${word}
end
exec here cat {flag}
say the end
"""


def nepishell(*arguments: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "nepishell", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_it_goes_on_where_it_stopped_and_does_nothing_twice(tmp_path: Path):
    file, flag = tmp_path / "a.nepi", tmp_path / "flag"
    file.write_text(TEXT.replace("{flag}", str(flag)))
    first = nepishell("run", str(file), "--leave")
    assert (first.returncode, first.stdout.splitlines()[0]) == (Exit.FAILED, "hello")
    assert "left as it is" in first.stderr

    text = file.read_text()
    file.write_text(text.replace("here\ndeploy", "here critical=false\ndeploy"))
    other = nepishell("run", str(file), "--resume")
    assert other.returncode == Exit.USAGE
    assert "a.nepi:2:1: this is not what was done: 'add local::Node here'" in other.stderr

    file.write_text(text)
    flag.write_text("it is there\n")
    again = nepishell("run", str(file), "--resume")
    assert (again.returncode, again.stdout) == (Exit.DONE, "it is there\nthe end\n")
    assert nepishell("run", str(file), "--resume").returncode == Exit.USAGE


def records(*told: tuple[str, object]) -> list[Record]:
    """('a line', error or None): a command and its outcome; ('kind', ...): that record."""
    found: list[Record] = []
    for number, (line, outcome) in enumerate(told):
        if outcome == "record":
            found.append(Record(number, line, 0.0, {}))
            continue
        found.append(Record(number, "command", 0.0, {"c": number, "line": line}))
        if outcome is not None:
            found.append(Record(number, "outcome", 0.0, {"c": number, "error": outcome}))
    return found


def test_what_was_done_ends_at_the_first_failure():
    assert list(done_in(records(("a", ""), ("b", "no"), ("say on-fail", "")))) == ["a"]
    assert list(done_in(records(("a", ""), ("exec", ""), ("failed", "record")))) == ["a"]


def test_what_was_cut_off_was_not_done():
    assert list(done_in(records(("a", ""), ("wait", None)))) == ["a"]


def test_parameters_that_were_set_again_count_once():
    told = [("param x=1", ""), ("a", ""), ("b", "no"), ("resumed", "record"),
            ("param x=1", ""), ("b", ""), ("param y=1", "")]  # fmt: skip
    assert list(done_in(records(*told))) == ["param x=1", "a", "b", "param y=1"]


def test_what_was_done_is_left_out_but_parameters_are_set(tmp_path: Path):
    statements = list(Recipe("a", "param x=1\nsay a\nsay b\nsay c").statements())
    with virtual(local_dir=tmp_path) as ec:
        ctx, after = Context(ec=ec, jobs=Jobs(ec)), After(3)
        assert [after.before(ctx, each) for each in statements] == [True, False, False, True]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--resume"], "no run of a.nepi is kept here"),
        (["--leave", "--keep-going"], "--leave and --resume do not"),
    ],
)
def test_what_cannot_be_is_one_line(play: Play, options: list[str], problem: str):
    played = play("say hello\n", *options)
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert problem in played.err


def test_a_run_that_was_released_is_nothing_to_go_on_with(play: Play):
    play("say hello\n")
    assert "has ended, and all was released" in play("say hello\n", "--resume").err
