"""What the language sees of a running experiment."""

import pytest

from nepishell.core.states import ResourceState
from tests.commands.stand import Session


def test_a_row_is_as_the_resource_is_now(pair: Session) -> None:
    view = pair.interpreter.view()
    row = view.row(1)
    assert row is not None
    assert (row.label, row.rtype, row.state, row.group) == (
        "h1", "test::Node", ResourceState.NEW, None,
    )  # fmt: skip
    assert view.row(9) is None
    pair("deploy")
    row = pair.interpreter.view().row(1)
    assert row is not None
    assert (row.state, row.group) == (ResourceState.STARTED, 1)


def test_labels_are_found_and_listed(pair: Session) -> None:
    view = pair.interpreter.view()
    assert (view.find("wire"), view.find("nobody")) == (3, None)
    assert list(view.names("label")) == ["h1", "h2", "probe", "wire"]
    assert list(view.guids()) == [1, 2, 3, 4]
    assert view.having(rtypes=("test::Node",)) == [1, 2]


def test_an_index_is_kept_until_a_name_changes(pair: Session) -> None:
    before = pair.interpreter.view().names("label")
    pair("deploy")
    assert pair.interpreter.view().names("label") is before
    pair("label h1 web")
    assert "web" in pair.interpreter.view().names("label")


def test_other_names_come_with_a_note(pair: Session) -> None:
    pair("param delay 5ms", "at 1h say later", "deploy")
    view = pair.interpreter.view()
    assert (list(view.names("param")), view.note("param", "delay")) == (["delay"], "5ms")
    assert (list(view.names("task")), view.note("task", "1")) == (["1"], "say later")
    assert list(view.names("group")) == ["1"]
    assert "test::Link" in view.names("rtype")
    assert view.note("rtype", "test::Node") == "A node on which scripted programs run."
    assert list(view.names("used rtype")) == ["test::App", "test::Link", "test::Node"]
    assert list(view.names("nonsense")) == []


def test_declarations_are_those_of_the_type(pair: Session) -> None:
    info = pair.interpreter.view().info("test::App")
    assert info is not None
    assert [trace.name for trace in info.traces] == ["stdout", "rtt", "debug"]
    assert "target" in info.attributes
    assert pair.interpreter.view().info("test::Nope") is None


def test_values_are_seen_and_secrets_are_not(pair: Session) -> None:
    pair("set wire secret hunter2")
    view = pair.interpreter.view()
    assert view.value(3, "delay") == 0.02
    assert view.value(3, "secret") is None
    assert view.value(3, "nope") is None


def test_metrics_are_attributes_and_what_is_reported(running: Session) -> None:
    found = running.interpreter.view().metrics(4)
    assert {"rtt.avg", "loss", "target"} <= set(found)


def test_an_index_grows_by_new_names_and_forgets_those_that_go(pair: Session) -> None:
    assert len(pair.interpreter.view().names("label")) == 4
    pair("add test::Node web[1-40]", "add test::Link other")
    assert len(pair.interpreter.view().names("label")) == 45
    pair("label other third", "remove web[2-40]")
    view = pair.interpreter.view()
    assert list(view.names("label")) == ["h1", "h2", "probe", "third", "web1", "wire"]
    assert list(view.guids()) == [1, 2, 3, 4, 5, 45]
    pair("remove third,wire,probe", "add test::Node wire")
    view = pair.interpreter.view()
    assert list(view.names("used rtype")) == ["test::Node"]
    assert (view.state(3), view.find("wire")) == (None, 46)


def test_a_set_is_looked_up_again_only_when_something_changed(pair: Session) -> None:
    looked: list[int] = []

    def look() -> int:
        looked.append(1)
        return len(looked)

    assert pair.interpreter.view().recall("key", look) == 1
    assert pair.interpreter.view().recall("key", look) == 1
    pair("set wire delay 30ms")
    assert pair.interpreter.view().recall("key", look) == 2
    pair("set wire delay 40ms")
    # half a second is long for a test, and short for a person
    assert pair.interpreter.view(glance=True).recall("key", look) == 2


def test_states_are_counted_as_they_change(pair: Session) -> None:
    def counts() -> dict[str, int]:
        return {state.name: number for state, number in pair.ec.counts().items() if number}

    assert counts() == {"NEW": 4}
    pair("deploy")
    assert counts() == {"STARTED": 4}
    pair("stop probe")
    assert counts() == {"STARTED": 3, "STOPPED": 1}
    pair("release")
    assert counts() == {"RELEASED": 4}
    pair("remove probe", "add test::Node fresh")
    assert counts() == {"RELEASED": 3, "NEW": 1}


def test_recipes_that_ship_are_known_by_name(pair: Session) -> None:
    assert "quickstart" in pair.interpreter.view().names("recipe")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("stop ", ["h1"]),
        ("remove h", ["h1", "h2"]),
        ("set wire del", ["delay"]),
        ("set wire delay ", ["20ms"]),
        ("set wire delay 5", ["5s", "5ms"]),
        ("get probe fai", ["fails"]),
        ("source quick", ["quickstart"]),
        ("list | where rtype=test::L", ["rtype=test::Link"]),
    ],
)
def test_the_prompt_offers_what_is_legal_now(line: str, offered: list[str], pair: Session) -> None:
    found = [each.text for each in pair.interpreter.walk(line, glance=True).candidates()]

    assert found[: len(offered)] == offered


def test_what_runs_is_offered_first_to_stop_and_what_stopped_to_start(running: Session) -> None:
    running("stop probe")
    first = {
        verb: running.interpreter.walk(f"{verb} ").candidates()[0] for verb in ("stop", "start")
    }

    assert {verb: entry.text for verb, entry in first.items()} == {"stop": "h1", "start": "probe"}
    assert first["start"].meta == "#4 test::App STOPPED"
    assert running.interpreter.walk("set probe fa").candidates() == []
