"""Any line: a result or an error of one line, never a traceback, and nothing half-done."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.hosts.fake import Outcome
from nepishell.lang.registry import DESIGN
from nepishell.output.render import render
from nepishell.replay.check import check
from nepishell.replay.reader import read_statements
from nepishell.replay.recipe import Recipe
from nepishell.testing import advance
from tests.commands import stand
from tests.fuzz.mutating import in_a_line, mutations

Answer = Callable[[tuple[str, ...]], Outcome | None]

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.nepi"))
#: Words of every command but those that leave the test: open, source, export, files.
LINES = """
add test::Node h1,h2
add test::Node n[1-3]
add test::Link wire delay=20ms loss=1% secret=abcdef
add test::App probe on h1 target=h2
connect h1 wire h2
disconnect h1 wire
label 1 first
set wire delay 50ms
set wire delay=10ms up=false
set wire engine relay
deploy
deploy h1,h2,wire group 1 alone nowait
deploy probe timeout 5s
start probe
stop probe nowait
wait probe STARTED timeout 2s
wait 3s
wait %1 timeout 1s
when h1 STARTED +2s start probe
when wire READY set wire delay 20ms
at +3s set wire delay 30ms
every 2s times 2 list
exec h1 true one two
h1 false "it failed"
trace probe
trace probe rtt first 2
trace probe debug on
expect probe STARTED
expect not exec h1 false
expect probe.rtt.avg < 50ms
expect probe trace rtt ~ "1,0"
get wire delay
get h1,h2
list | where state=NEW | cols label rtype | json
list @FAILED
show wire
types test::Link
plan deploy alone
why probe
story h1
timeline
goto +2s
diff +1s +2s
status
groups
tasks
cancel %1
param rate 10mbit
say ${rate}
help when
explain set wire delay 5
apropos delay
log last 5
undo 2
redo
release probe nowait
release h1
remove h2
""".strip().splitlines()


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a mangled line writes, it writes here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(stand, "answer", ended)


def ended(argv: tuple[str, ...], known: Answer = stand.answer) -> Outcome:
    """A program of any name comes to its end."""
    return known(argv) or Outcome()


def open_interpreter(folder: Path) -> Interpreter:
    stand.register()
    ec = ExperimentController("fuzz", folder, clock=VirtualClock(), seed=1, nthreads=2)
    interpreter = Interpreter(Context(ec=ec, jobs=Jobs(ec)), interactive=True)
    for line in LINES[:5]:
        interpreter.run(line)
    return interpreter


def described(ec: ExperimentController) -> object:
    """What the design of the experiment is."""
    return [
        (
            rm.guid,
            rm.rtype,
            rm.label,
            dict(rm._values or {}),
            sorted(rm._connections),
            rm.conditions,
        )
        for rm in (ec._rm(guid) for guid in ec.resources)
    ]


def commands(text: str) -> Iterator[str]:
    try:
        yield from (statement.text for statement in read_statements(text.splitlines(), "fuzz"))
    except NepishellError:
        return


#: They want a person, or wait for a clock that passes by itself.
_NOT_HERE = frozenset({"open", "log follow", "detach", "take", "wait time", "wait task", "quit"})


def leads_outside(interpreter: Interpreter, line: str) -> bool:
    calls = interpreter.walk(line).calls
    return any(call.redirect is not None or call.command in _NOT_HERE for call in calls) or any(
        real in line for real in ("local::", "netns::", "linux::", "pool::")
    )


def attempt(interpreter: Interpreter, line: str) -> None:
    walked = interpreter.walk(line)
    assert walked.error is None or "\n" not in str(walked.error)
    if leads_outside(interpreter, line):
        return
    before = described(interpreter.ctx.ec)
    designs = [
        interpreter.grammar.commands[call.command].effects is DESIGN for call in walked.calls
    ]
    try:
        for shown in interpreter.run(line):
            render(shown.result, shown.form or "table")
    except NepishellError as problem:
        in_a_line(problem)
        if walked.error is not None or designs == [True]:
            assert described(interpreter.ctx.ec) == before, line


def test_any_line_has_a_result_or_an_error(tmp_path: Path) -> None:
    interpreter = open_interpreter(tmp_path / "0")
    for number, text in enumerate(mutations(1, LINES)):
        for line in commands(text):
            try:
                attempt(interpreter, line)
            except NepishellError:
                raise
            except BaseException as problem:
                problem.add_note(f"input {number}: {line!r}")
                raise
        advance(interpreter.ctx.ec, 0.5)
        if number % 100 == 99:
            interpreter.ctx.ec.shutdown()
            interpreter = open_interpreter(tmp_path / str(number))
    interpreter.ctx.ec.shutdown()


def test_any_line_may_be_asked_what_may_follow(tmp_path: Path) -> None:
    interpreter = open_interpreter(tmp_path)
    for text in mutations(2, LINES):
        for cut in (len(text), len(text) // 2):
            interpreter.walk(text[:cut], glance=True)
            interpreter.secrets(text[:cut])
    interpreter.ctx.ec.shutdown()


def test_any_recipe_is_checked_with_errors_that_have_a_place(tmp_path: Path) -> None:
    texts = [path.read_text() for path in RECIPES]
    for number, text in enumerate(mutations(3, texts)):
        if number % 10:
            # a check takes as long as a recipe is; most of the text is told apart by the reader
            list(commands(text))
            continue
        try:
            problems = check(Recipe("fuzz.nepi", text, tmp_path), {}).problems
        except NepishellError as problem:
            in_a_line(problem)
        else:
            assert all(str(problem).startswith("fuzz.nepi:") for problem in problems)
