"""Traces, looked at by lines."""

import os
import signal
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from nepishell.commands.signals import Signals, Stopped
from nepishell.commands.traces import excerpt
from nepishell.core.errors import NepishellError
from nepishell.core.traces import Trace
from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.base import STDOUT
from nepishell.hosts.fake import FakeHost
from nepishell.resources.linux.traces import Recording
from nepishell.resources.parsers.report import Report, Table
from tests.commands.stand import Session


def test_traces_are_listed_with_their_size(running: Session) -> None:
    assert running.text("trace probe | cols trace,on,size | csv").splitlines() == [
        "trace,on,size", "stdout,true,25", "rtt,true,27", "debug,false,0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("trace probe stdout", "one\ntwo bytes from\nthree"),
        ("trace probe stdout last 1", "three"),
        ("trace probe stdout first 2", "one\ntwo bytes from"),
        ("trace probe stdout path", "/somewhere/stdout"),
    ],
)
def test_a_trace_is_shown_whole_or_in_part(running: Session, line: str, shown: str) -> None:
    assert running.text(line) == shown


def test_a_trace_that_is_off_says_how_to_turn_it_on(running: Session) -> None:
    with pytest.raises(NepishellError, match="turn it on with 'trace probe debug on'"):
        running("trace probe debug")


def test_a_trace_that_is_empty_so_far_is_empty(pair: Session) -> None:
    assert pair.text("trace probe stdout") == ""


def test_a_trace_that_is_not_there_yet_has_no_path(pair: Session) -> None:
    with pytest.raises(NepishellError, match="is not on disk yet"):
        pair("trace probe stdout path")


def test_a_trace_is_switched_on_and_off(pair: Session) -> None:
    pair("trace probe debug on", "trace probe stdout off")
    assert (pair.ec.trace_enabled(4, "debug"), pair.ec.trace_enabled(4, "stdout")) == (True, False)


def test_an_unknown_trace_suggests_one(pair: Session) -> None:
    with pytest.raises(NepishellError, match="no trace 'stdot'; did you mean 'stdout'"):
        pair("trace probe stdot")


def test_an_excerpt_takes_from_one_end() -> None:
    assert excerpt([1, 2, 3], "", 0) == [1, 2, 3]
    assert excerpt([1, 2, 3], "first", 2) == [1, 2]
    assert excerpt([1, 2, 3], "last", 2) == [2, 3]


class Talker(Recording):
    """Says what the test has it say, and counts its words."""

    rtype = "test::Talker"
    traces = (Trace(STDOUT, enabled=True), Trace("words", enabled=True), Trace("off"),
              Trace("packets", enabled=True))  # fmt: skip
    binary = frozenset({"packets"})
    host = FakeHost()

    def do_start(self) -> None:
        type(self).host = FakeHost()
        self.begin_recording(self.host, Path("/run/talker"))
        self.say("".join(f"line {number}\n" for number in range(20)))
        super().do_start()

    def say(self, text: str) -> None:
        self.host.append(Path("/run/talker/stdout"), text.encode())

    def parse(self, stdout: str, stderr: str) -> Report:
        words = [word for word in stdout.split() if word != "line"]
        table = Table(columns=("word",), rows=[(word,) for word in words])
        return Report(tables={"words": table})


class Followed:
    """A talker, followed in a thread; what it says arrives in `seen`."""

    def __init__(self, session: Session) -> None:
        ResourceFactory.register_type(Talker)
        session("add test::Talker talker", "deploy")
        self.session = session
        talker = session.ctx.rm(1)
        assert isinstance(talker, Talker)
        self.talker = talker
        self.seen: Queue[str] = Queue()
        session.ctx.stream = self.seen.put

    def follows(self, name: str = STDOUT) -> Thread:
        self.said: list[str] = []
        thread = Thread(target=lambda: self.said.append(self.session.text(f"trace 1 {name} -f")))
        thread.start()
        return thread

    def next(self) -> str:
        return self.seen.get(timeout=20)

    def ends(self, thread: Thread) -> None:
        self.session("stop talker")
        thread.join()


@pytest.fixture
def followed(session: Session) -> Followed:
    return Followed(session)


def test_a_followed_trace_begins_with_its_last_lines_and_ends_with_its_resource(
    followed: Followed,
) -> None:
    thread = followed.follows()
    assert followed.next() == "".join(f"line {number}\n" for number in range(10, 20))
    followed.talker.say("more\n")
    assert followed.next() == "more\n"
    followed.talker.say("and mo")
    assert followed.next() == "and mo"
    followed.ends(thread)
    assert followed.next() == "\n", "what comes next begins on a new line"
    assert followed.said == ["talker is STOPPED: nothing more comes"]


def test_without_a_name_what_it_prints_is_followed(followed: Followed) -> None:
    thread = followed.follows("")
    assert followed.next().splitlines()[-1] == "line 19"
    followed.ends(thread)


def test_of_a_table_new_rows_are_shown(followed: Followed) -> None:
    thread = followed.follows("words")
    assert followed.next().split() == ["word", *map(str, range(10, 20))]
    followed.talker.say("line 20\nline 21\n")
    assert followed.next().split() == ["20", "21"]
    followed.ends(thread)


def test_where_nobody_watches_whole_lines_are_told(followed: Followed) -> None:
    followed.session.ctx.stream = None
    followed.session.ctx.emit = lambda shown: followed.seen.put(shown.result.text)
    thread = followed.follows()
    assert followed.next().splitlines()[-1] == "line 19"
    followed.talker.say("hal")
    followed.talker.say("f a line\n")
    assert followed.next() == "half a line"
    followed.ends(thread)


def test_of_one_that_has_ended_the_last_lines_are_shown(followed: Followed) -> None:
    followed.session("stop talker")
    followed.follows().join()
    assert followed.next().splitlines()[0] == "line 10"


def test_ctrl_c_ends_following_and_nothing_else(followed: Followed) -> None:
    with Signals() as signals:
        followed.session.ctx.waiting = signals.waiting
        followed.session.ec.schedule(0.05, lambda: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(Stopped):
            followed.session("trace talker stdout follow")
    assert followed.session.state("talker") == "STARTED"
    assert followed.talker.host._follows == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("trace talker off -f", "off of talker is not recorded"),
        ("trace talker packets -f", "'trace talker packets path' is its file"),
        ("trace talker stdout -f &", "'trace follow' cannot go on by itself"),
    ],
)
def test_what_cannot_be_followed_says_why(followed: Followed, line: str, problem: str) -> None:
    with pytest.raises(NepishellError, match=problem):
        followed.session(line)


def test_what_records_in_its_own_way_cannot_be_followed(running: Session) -> None:
    with pytest.raises(NepishellError, match="'trace probe stdout' shows what there is"):
        running("trace probe stdout -f")
