"""The line that is typed: what is broken costs a hint, and keys are whose they are."""

import pytest

from nepishell.commands.settings import Settings
from tests.shell.conftest import Keys


def test_a_broken_completer_costs_a_line_and_not_the_prompt(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nepishell.lang.walk.Walk.candidates", lambda self, limit=0: 1 / 0)
    keys.type("say one", "say two")
    said = keys.said
    assert said.count("completion is switched off, it failed 3 times") == 1
    assert "two\n" in said
    assert "Traceback" not in said


def test_a_broken_toolbar_costs_a_line_and_not_the_prompt(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keys.ec, "counts", lambda: 1 / 0)
    for _ in range(5):
        keys.prompt.reader.bottom()
    keys.type("say one", "say two")
    said = capsys.readouterr().out + keys.said
    assert said.count("the toolbar is switched off, it failed 3 times") == 1
    assert "two\n" in said


def test_vi_keys_edit_the_line(keys: Keys) -> None:
    keys.prompt.use(Settings(keys="vi"))
    # back to the beginning in the navigation mode, delete a word, append at the end
    keys.keys("junk say on\x1b0dwAe\r\x04")
    assert keys.said == "one\n"
