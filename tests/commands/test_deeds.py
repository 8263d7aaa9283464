"""What a journal says of what people did."""

from nepishell.commands.deeds import again, never_used
from nepishell.core.states import ResourceState
from tests.commands.typist import typist


def test_looks_and_failures_are_no_deeds(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "list")
        assert not session.tries("set n nosuch 3")
        session("deploy", "say hello")
        assert [deed.line for deed in session.deeds().done] == [
            "add test::Node n", "deploy", "say hello",
        ]  # fmt: skip


def test_what_was_undone_is_not_there_and_what_was_redone_is(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node a", "add test::Node b", "label b c", "undo 2", "redo")
        assert [deed.line for deed in session.deeds().done] == [
            "add test::Node a", "add test::Node b",
        ]  # fmt: skip


def test_what_changed_nothing_is_passed_over_by_undo(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node a word=x", "label a b", "set b word x", "undo")
        assert [deed.line for deed in session.deeds().done] == [
            "add test::Node a word=x", "set b word x",
        ]  # fmt: skip


def test_plans_say_when_they_were_due_and_when_they_were_over(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "at 5s set n word x", "cancel %1", after=1.0)
        planned = session.deeds().done[1].planned
        assert planned is not None
        assert (planned.line, planned.due, planned.over) == ("set n word x", 6.0, 1.0)


def test_a_resource_entered_a_state_at_a_moment_or_never(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "deploy", after=2.0)
        deeds = session.deeds()
        assert deeds.first(1, ResourceState.STARTED) == 2.0
        assert deeds.first(1, ResourceState.STOPPED) is None


def test_what_is_started_again_and_what_was_never_used_is_known(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "add test::Node oops", "remove oops", "deploy", "stop n")
        session("start n", after=2.0)
        deeds = session.deeds()
        assert list(again(deeds)) == [2.0]
        assert never_used(deeds) == {2}
