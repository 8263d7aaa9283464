"""`lab view` says where the page is, opens it where that can be, and the page is the lab's."""

import urllib.request
from pathlib import Path

import pytest

from nepishell.labs.model import read_lab
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant
from nepishell.labs.web import verb
from tests.labs.building import write_lab


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    lab = read_lab(write_lab(tmp_path / "lab", **{"start.nepi": "say hello\n"}))
    return Stage(lab, practice_variant(lab, "ann"), tmp_path)


def test_the_address_is_that_of_the_lab_as_often_as_it_is_asked_for(stage: Stage) -> None:
    with stage:
        stage.session.begin()
        note = verb.view(stage.ctx)
        url = note.facts["url"]

        assert note.text == f"{url}\nopen this address in a browser"
        assert verb.view(stage.ctx).facts["url"] == url
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert b"<h1" in answer.read()

    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=20)


def test_who_is_here_by_ssh_is_told_how_to_come_to_the_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    with stage:
        stage.session.begin()
        note = verb.view(stage.ctx)

    port = note.facts["url"].split(":")[2].partition("/")[0]
    assert f"ssh -L {port}:127.0.0.1:{port}" in note.text


def test_on_a_desktop_the_browser_is_opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", open_)
    with stage:
        stage.session.begin()
        note = verb.view(stage.ctx)

    assert opened == [note.facts["url"]]
    assert note.text == note.facts["url"]
