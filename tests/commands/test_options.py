"""Options of the prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.commands.settings import Settings
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        session.ctx.prefer = lambda settings: None
        yield session


def test_an_option_is_set_and_listed(session: Session) -> None:
    session("set option theme colour-blind", "set option toolbar off")
    assert session.ctx.settings == Settings(theme="colour-blind", toolbar=False)
    assert session.text("options | where option=theme | cols value,default | csv") == (
        "value,default\ncolour-blind,default"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set option thme none", "no option 'thme'"),
        ("set option theme pink", "'pink' is not one of default, colour-blind"),
        ("set option pager perhaps", "'perhaps' is not one of true, false"),
        ("alias deploy = list", "'deploy' is a command"),
        ("unalias x", "no alias 'x'"),
    ],
)
def test_what_cannot_be_chosen_is_told(session: Session, line: str, said: str) -> None:
    with pytest.raises(NepishellError, match=said):
        session(line)
    assert session.ctx.settings == Settings()


def test_names_and_values_complete(session: Session) -> None:
    def menu(line: str) -> list[str]:
        return [found.text for found in session.interpreter.walk(line).candidates()]

    assert menu("set option th") == ["theme"]
    assert menu("set option keys ") == ["emacs", "vi"]
    assert menu("set option toolbar ") == ["on", "off"]


def test_a_resource_with_the_name_of_the_word_is_reached_by_its_number(session: Session) -> None:
    session("add test::Link option", "set 1 delay 5ms")
    assert session.ec.get(1, "delay") == 0.005


def test_an_alias_is_made_and_forgotten(session: Session) -> None:
    session('alias broken = "list | where state=FAILED"', "alias l = list")
    assert session.ctx.settings.aliases == {"broken": "list | where state=FAILED", "l": "list"}
    session("unalias l")
    assert list(session.ctx.settings.aliases) == ["broken"]


def test_without_a_prompt_nothing_can_be_chosen(session: Session) -> None:
    session.ctx.prefer = None
    with pytest.raises(NepishellError, match="options are of the prompt"):
        session("set option theme none")
