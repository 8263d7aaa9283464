"""Programs on nodes, run on hosts that answer as scripted."""

import os
import signal
from threading import Event

import pytest

from nepishell.commands import listening, programs
from nepishell.commands.job import Progress
from nepishell.commands.notes import Output
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.hosts.base import Process
from nepishell.hosts.fake import Outcome
from tests.commands.stand import Session


def test_exec_shows_what_a_program_wrote(running: Session) -> None:
    found = running("exec h1 true hello  there")
    assert (found.text, found.error) == ("hello there", "")


def test_a_label_is_a_verb(running: Session) -> None:
    assert running("h1 true hello").text == "hello"


def test_a_status_other_than_0_is_an_error_after_the_output(running: Session) -> None:
    found = running("h1 false 'no way'")
    assert (found.text, found.error) == ("no way", "h1: false ended with status 1")


def test_equal_answers_of_several_nodes_are_folded(running: Session) -> None:
    running("add test::Node h3", "deploy")
    assert running("exec h[1-3] true yes").text == "h[1-3]: yes"


def test_a_long_answer_stands_below_its_nodes(running: Session) -> None:
    assert running("exec h[1-2] true 'a\nb'").text == "h[1-2]:\na\nb"


def test_what_failed_shows_its_status(running: Session) -> None:
    assert running("exec h[1-2] false no").text == "h[1-2] (status 1): no"


def test_programs_get_records_of_each_node(running: Session) -> None:
    assert running.text("exec h1,h2 true yes | cols node,status | csv").splitlines() == [
        "node,status", "h1,0", "h2,0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("exec wire true", "wire is a test::Link: programs run on nodes only"),
        ("exec h1,wire true", "wire is a test::Link"),
    ],
)
def test_programs_run_on_nodes_only(running: Session, line: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        running(line)


def test_a_node_must_be_deployed(pair: Session) -> None:
    with pytest.raises(NepishellError, match="h1 is NEW; deploy it first"):
        pair("h1 true")


def test_ctrl_c_is_for_the_program_and_its_last_words_are_shown(running: Session) -> None:
    host = running.ctx.rm(1).host
    emitted: list[Output] = []
    running.ctx.emit = lambda shown: emitted.append(shown.result)

    def interrupted(argv: tuple[str, ...]) -> Outcome | None:
        os.kill(os.getpid(), signal.SIGINT)
        return None

    def end(process: Process, signum: int) -> None:
        host.end(process, Outcome(code=130, stdout="2 packets\n"))

    host._spawn_script, host.signal_session = interrupted, end
    with Signals() as signals:
        running.ctx.waiting = signals.waiting
        with pytest.raises(Stopped):
            running("h1 ping h2")
    assert [output.text for output in emitted] == ["2 packets"]
    assert host.running == []


def test_where_somebody_watches_output_comes_while_it_runs(running: Session) -> None:
    host = running.ctx.rm(1).host
    seen: list[str] = []

    def watch(text: str) -> None:
        seen.append(text)
        if text == "one\n":
            host.end(host.running[0], Outcome(stdout="two\n"))

    def talk(argv: tuple[str, ...]) -> Outcome | None:
        host.append(next(reversed(host.files)).parent / "stdout", b"one\n")
        return None

    host._spawn_script, running.ctx.stream = talk, watch
    assert running("h1 chat").text == ""
    assert seen == ["one\n", "two\n"]


def test_what_goes_into_a_pipe_is_not_streamed(running: Session) -> None:
    running.ctx.stream = lambda text: pytest.fail("streamed")
    assert running.text("h1 true yes | cols stdout | csv") == 'stdout\n"yes\n"'
    assert running("expect exec h1 true").text.startswith("ok: ")


def spoken(running: Session, *parts: bytes) -> list[str]:
    """What is streamed of a program that writes *parts*, one at each look."""
    host = running.ctx.rm(1).host
    seen: list[str] = []
    left = list(parts)

    def talk(argv: tuple[str, ...]) -> Outcome | None:
        append()
        return None

    def append() -> None:
        path = next(path for path in reversed(host.files) if path.name == "stdout")
        host.append(path, left.pop(0))

    def watch(text: str) -> None:
        seen.append(text)
        if left:
            append()
        elif host.running:
            host.end(host.running[0])

    host._spawn_script, running.ctx.stream = talk, watch
    running("h1 chat")
    return seen


def test_a_character_that_comes_in_two_parts_is_one(running: Session) -> None:
    assert spoken(running, "grü".encode()[:-1], "ü\n".encode()[1:]) == ["gr", "ü\n"]


def test_what_is_no_text_is_shown_once(running: Session) -> None:
    assert spoken(running, b"\xff\xfe one\n", b"two\n") == ["\ufffd\ufffd one\n", "two\n"]


def test_the_next_line_does_not_begin_behind_an_unfinished_one(running: Session) -> None:
    assert spoken(running, b"no end") == ["no end", "\n"]


def test_of_a_flood_the_first_part_is_shown_and_where_the_rest_is(
    running: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FLOOD", 4)
    (text,) = spoken(running, b"abcdefgh")
    assert text.startswith("abcd\n... 4B more in ")
    assert text.endswith("stdout\n")


def test_of_a_long_answer_the_first_part_is_shown_and_where_the_rest_is(
    running: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "MOST", 10)
    assert running("h1 true 123456789012").text.startswith("1234567890\n... 3B more in ")


def test_output_does_not_steer_the_terminal(running: Session) -> None:
    assert running("exec h1,h2 true '\x1b]0;evil\x07'").text == r"h[1-2]: \x1b]0;evil\x07"


def test_a_program_of_a_cancelled_task_is_interrupted(running: Session) -> None:
    host = running.ctx.rm(1).host
    began = Event()

    def begin(argv: tuple[str, ...]) -> Outcome | None:
        began.set()
        return None

    host._spawn_script = begin
    running("at 0s h1 ping h2")
    job = running.ctx.jobs.find(1)
    assert began.wait(20)
    running("cancel %1")
    assert job.ended.wait(20)
    assert running.ctx.jobs.progress(job) is Progress.CANCELLED
    assert [signum for _, signum in host.signals] == [signal.SIGINT]
