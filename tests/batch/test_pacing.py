"""What stands between two lines: gaps, questions, an end."""

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.pacing import AllOf, Stepping, Timed, Until, stamp_of
from nepishell.commands.context import Context, Quit
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import Recipe
from nepishell.testing import virtual
from tests.batch.conftest import Play

TEXT = """\
say one  # t+10s
say 'two # t+99s'  # t+12.5s
label here:
say three  # a note
say four; say five  # t+14s
"""
RECIPE = Recipe("a.nepi", TEXT)
STATEMENTS = list(RECIPE.statements())


@pytest.fixture
def ctx(tmp_path):
    with virtual(local_dir=tmp_path) as ec:
        yield Context(ec=ec, jobs=Jobs(ec))


def test_a_line_says_when_it_was_done_in_the_comment_after_it():
    assert list(map(stamp_of, STATEMENTS)) == [10.0, 12.5, None, None, 14.0, 14.0]


@pytest.mark.parametrize(("speed", "took"), [(1.0, 4.0), (2.0, 2.0), (0.5, 8.0)])
def test_gaps_are_kept_as_many_times_as_fast_as_is_asked(ctx, speed, took):
    timed = Timed(speed)
    assert all(timed.before(ctx, statement) for statement in STATEMENTS)
    assert ctx.ec.clock.now() == pytest.approx(took)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(NepishellError, match="write a number above 0"):
        Timed(speed)


@pytest.mark.parametrize(("where", "played"), [("here", 2), ("here:", 2), ("4", 3), ("5", 4)])
def test_it_ends_before_a_label_or_a_line(ctx, where, played):
    until = Until(RECIPE, where)
    assert all(until.before(ctx, statement) for statement in STATEMENTS[:played])
    with pytest.raises(Quit):
        until.before(ctx, STATEMENTS[played])


@pytest.mark.parametrize(
    ("where", "problem"),
    [("hree", "no such label in a.nepi; did you mean 'here'"), ("9", "a.nepi has 5 lines"),
     ("0", "a.nepi has 5 lines")],
)  # fmt: skip
def test_a_place_that_is_not_there_is_told_before_anything_is_played(where, problem):
    with pytest.raises(NepishellError, match=problem):
        Until(RECIPE, where)


def test_each_line_is_asked_about(ctx):
    answers, asked = ["\n", "s\n", "what\n", "\n", "q\n"], []

    def ask(question):
        asked.append(question)
        return answers.pop(0)

    step = AllOf([Stepping(ask, lambda statement: statement.text)])
    assert [step.before(ctx, each) for each in STATEMENTS[:3]] == [True, False, True]
    with pytest.raises(Quit):
        step.before(ctx, STATEMENTS[3])
    assert asked[0] == "a.nepi:1: say one  [Enter, s skips, q ends] "


def test_who_cannot_be_asked_any_more_ends_it(ctx):
    with pytest.raises(Quit):
        Stepping(lambda question: "", lambda statement: "").before(ctx, STATEMENTS[0])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--step"], "it needs a terminal"),
        (["--speed", "2"], "is for --timed"),
        (["--timed"], "no line says when it was done"),
        (["--until", "nowhere"], "no such label"),
        (["--dry", "--keep"], "leave out --keep"),
        (["--quiet", "--summary"], "choose one"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_played(play: Play, options, problem):
    played = play("say hello\n", *options)
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert problem in played.err
    assert played.err.count("\n") == 1


def test_a_run_ends_where_it_is_told_to(play: Play):
    played = play("say one\nlabel here:\nsay two\n", "--until", "here")
    assert (played.status, played.out) == (Exit.DONE, "one\n")
