"""Reading along tracks finds what a walk finds, or nothing."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.engine.controller import ExperimentController
from nepishell.lang.tracks import MOST_WORDS
from tests.commands import stand
from tests.fuzz.mutating import mutated

LINES = """
add test::Node n[1-3]
add test::Node x1
add test::Link other delay=20ms loss=1%
add test::App more on h1 'target=h2'
connect h1 wire h2
disconnect h1 wire
label 1 first
set wire delay 50ms
set wire delay=${delay} up=false   # later
set h1,h2 critical false
deploy
deploy h1,h2,wire group 1 alone nowait
wait probe STARTED timeout 2s
wait 3s
when h1 STARTED +2s start probe
when wire READY set wire delay 20ms
exec h1 true one two
h1 false "it failed"
expect probe STARTED
expect not exec h1 false
get wire delay
list
trace probe stdout
param rate 10mbit
say "the ${delay}"
""".strip().splitlines()
WALKED = """
add test::Link w secret=abcdef
at +3s set wire delay 30ms
every 2s times 2 list
list | where state=NEW
list > file
list; status
exec h1 true &
lits
set wire delay soon
say ${nothing}
say 'open
connect h1
expect probe.rtt.avg < 50ms
""".strip().splitlines()


@pytest.fixture
def interpreter(tmp_path: Path) -> Iterator[Interpreter]:
    stand.register()
    with ExperimentController("tracks", tmp_path) as ec:
        found = Interpreter(Context(ec=ec, jobs=Jobs(ec), parameters={"delay": "5ms"}))
        for line in ("add test::Node h1,h2", "add test::Link wire", "add test::App probe on h1"):
            found.run(line)
        yield found
        ec.release()


@pytest.mark.parametrize("line", LINES)
def test_a_plain_line_is_read_as_a_walk_reads_it(interpreter: Interpreter, line: str) -> None:
    walked = interpreter.walk(line)
    for _ in range(2):
        read = interpreter.read(line)
        assert read is not None
        assert read == walked.call
        assert read.source == walked.calls[0].source


@pytest.mark.parametrize("line", WALKED)
def test_what_is_wrong_secret_or_more_than_a_command_is_left_to_the_walk(
    interpreter: Interpreter, line: str
) -> None:
    assert interpreter.read(line) is None


def test_a_line_is_never_read_as_a_walk_would_not(interpreter: Interpreter) -> None:
    random_ = random.Random(7)
    both = 0
    for _ in range(1500):
        line = mutated(random_, random_.choice(LINES), LINES).replace("\n", " ")
        read = interpreter.read(line)
        if read is None:
            continue
        walked = interpreter.walk(line)
        assert walked.error is None, line
        assert walked.calls == [read], line
        assert not walked.secrets, line
        both += 1
    assert both > 100


def test_a_very_long_line_makes_no_track_of_its_own(interpreter: Interpreter) -> None:
    words = " ".join(["x"] * MOST_WORDS)
    assert interpreter.read(f"h1 echo {words}") is None
    assert interpreter.walk(f"h1 echo {words}").error is None
