"""Listening to what a program writes, on a host in memory and on this machine."""

from pathlib import Path

import pytest

from nepishell.commands import listening
from nepishell.commands.listening import Listening
from nepishell.hosts.base import STDERR, STDOUT
from nepishell.hosts.fake import FakeHost
from nepishell.hosts.local import LocalHost

OUT = Path("/run/stdout")


def test_what_comes_before_the_end_is_handed_over_as_it_comes() -> None:
    host = FakeHost()
    seen: list[str] = []

    def take(text: str) -> None:
        seen.append(text)
        if text == "one\n":
            host.append(OUT, b"two\n")
        else:
            heard.tell_end()

    heard = Listening(host, [OUT], take)
    heard.begin()
    host.append(OUT, b"one\n")
    heard.until_end()
    heard.end()
    assert seen == ["one\n", "two\n"]


def test_what_nobody_told_comes_at_the_end() -> None:
    host = FakeHost()
    seen: list[str] = []
    heard = Listening(host, [OUT], seen.append)
    host.append(OUT, b"silent\n")
    heard.end()
    heard.end()
    assert seen == ["silent\n"]


def test_what_is_told_after_the_end_is_not_shown_twice() -> None:
    host = FakeHost()
    seen: list[str] = []
    told = []
    host.follow = lambda path, offset, on_data: told.append(on_data) or (lambda: None)  # type: ignore[method-assign, func-returns-value]
    heard = Listening(host, [OUT], seen.append)
    heard.begin()
    host.append(OUT, b"late\n")
    heard.end()
    told[0](b"late\n")
    heard.end()
    assert seen == ["late\n"]


def test_of_a_flood_the_first_part_is_shown_before_where_the_rest_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "FLOOD", 4)
    host = FakeHost()
    seen: list[str] = []
    heard = Listening(host, [OUT], seen.append)
    heard.begin()
    host.append(OUT, b"abc")
    host.append(OUT, b"defgh")
    host.append(OUT, b"i")
    heard.tell_end()
    heard.until_end()
    heard.end()
    assert seen == [f"abcd\n... 5B more in {OUT}\n"]


def test_a_character_that_never_came_whole_is_told_as_such() -> None:
    host = FakeHost()
    seen: list[str] = []
    heard = Listening(host, [OUT], seen.append)
    host.append(OUT, "ü".encode()[:1])
    heard.end()
    assert seen == ["\ufffd"]


def test_all_that_a_real_program_writes_is_heard_once(tmp_path: Path) -> None:
    seen: list[str] = []
    host = LocalHost()
    try:
        heard = Listening(host, [tmp_path / "run" / STDOUT, tmp_path / "run" / STDERR], seen.append)
        script = "for each in 1 2 3 4 5 6 7 8 9; do echo $each; done"
        host.spawn(["sh", "-c", script], run_dir=tmp_path / "run",
                   on_exit=lambda how: heard.tell_end())  # fmt: skip
        heard.begin()
        heard.until_end()
        heard.end()
    finally:
        host.close()
    assert "".join(seen).split() == list("123456789")
