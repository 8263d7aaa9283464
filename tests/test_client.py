"""The Python client, against a run that is served by a program of its own."""

from pathlib import Path

import pytest

from nepishell.client import Client, Refused
from nepishell.core.errors import NepishellError
from tests.serving import serving


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_lines_events_and_errors() -> None:
    with serving("--exp", "mine"), Client("mine", timeout=20) as run:
        assert run.greeting.exp == "mine"
        run.do("add local::Node me; deploy")
        with pytest.raises(Refused, match="did you mean 'list'"):
            run.do("lst")
        heard = run.events("StateChanged")
        run.send(id=99, do="release all", yes=True)
        assert next(event["guid"] for event in heard if event["new"] == "RELEASED") == 1


def test_where_nothing_is_served_it_says_so() -> None:
    with pytest.raises(NepishellError, match="'nepishell serve' starts one"):
        Client()
    with pytest.raises(NepishellError, match="no run 'x'"):
        Client("x")
