"""From a line to its result, through pipes and into files."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_stages_shape_a_listing(pair: Session) -> None:
    line = "list | where rtype=test::Node label!=h1 | cols label,state | json"
    assert pair.text(line) == '[{"label": "h2", "state": "NEW"}]'


def test_stages_work_on_what_a_command_says(session: Session) -> None:
    text = session.text("add test::Node web | json")
    assert text == (
        '{"message": "web is resource 1, a test::Node", "guids": [1], "labels": ["web"], '
        '"rtype": "test::Node"}'
    )


def test_a_result_goes_into_a_file(pair: Session, tmp_path: Path) -> None:
    target = tmp_path / "hosts.csv"
    assert pair(f"list test::Node | cols label | csv > {target}") is None
    pair(f"list wire | cols label | csv >> {target}")
    assert target.read_text() == "label\nh1\nh2\nlabel\nwire\n"


def test_a_file_that_cannot_be_written_is_an_error(pair: Session, tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match=r"cannot be written: is a directory"):
        pair(f"list > {tmp_path}")


def test_keywords_are_shortened_only_at_a_prompt(pair: Session) -> None:
    with pytest.raises(NepishellError, match="no command 'lis'; did you mean 'list'"):
        pair("lis")
    pair.interpreter._interactive = True
    assert len(pair("lis").rows) == 4


def test_a_call_is_spelled_as_a_line_that_means_the_same(pair: Session) -> None:
    for line in ("set wire delay 50ms", "when probe STARTED +2s start h2", "wait probe STOPPED"):
        (call,) = pair.interpreter.walk(line).calls
        assert pair.interpreter.spell(call) == line


def test_two_commands_of_a_line_see_each_other_only_when_read_one_by_one(session: Session) -> None:
    found = session.interpreter.walk("add test::Node web; get web")
    assert found.error is not None


def test_an_ampersand_lets_a_program_go_on_as_a_task(running: Session) -> None:
    assert running("h1 true hello &").text == "task %1: h1 true hello"
    running("wait %1 timeout 20s")
    assert running.emitted == ["hello"]


def test_an_ampersand_makes_an_action_return_at_once_in_a_recipe(pair: Session) -> None:
    assert "task %1" in pair("deploy &").text
    pair("wait %1 timeout 20s", "stop probe & # and go on", "wait %2", "wait probe STOPPED")


def test_what_returns_at_once_anyway_does(pair: Session) -> None:
    pair("set wire delay 1ms &")
    assert pair.ec.get(3, "delay") == 0.001
    assert pair.text("tasks | count | csv").split() == ["count", "0"]


@pytest.mark.parametrize("line", ["open h1 &", "source x.nepi &"])
def test_what_needs_the_person_stays_in_front(running: Session, line: str) -> None:
    with pytest.raises(NepishellError, match="cannot go on by itself"):
        running(line)


def test_an_ampersand_alone_is_an_error(session: Session) -> None:
    with pytest.raises(NepishellError, match="'&'"):
        session("&")
