"""What the language sees of a running experiment."""

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
