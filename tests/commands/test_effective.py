"""What was done at the prompt, saved and played again, is the same experiment."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nepishell.core.attributes import Attribute, Flags
from nepishell.core.errors import UnknownName
from nepishell.engine.factory import ResourceFactory
from nepishell.testing import Recorder
from tests.commands.typist import Typist, typist

APPS = st.sampled_from(["a1", "a2", "a3"])
LINES = st.one_of(
    st.builds("add test::Node {}".format, st.sampled_from(["n1", "n2", "n[3-5]", ""])),
    st.builds(
        "add test::App {} on {} {}".format, APPS, st.sampled_from(["n1", "n2"]),
        st.sampled_from(["", "run_for=4s", "word='two words'"]),
    ),
    st.builds("connect {} {}".format, *[st.sampled_from(["n1", "n2", "n[3-5]", "n3"])] * 2),
    st.sampled_from(["disconnect n1 n2", "disconnect n2 n3", "remove n5", "remove a3",
                     "label n3 boss", "trace a1 stderr on", "undo", "undo", "redo", "list"]),
    st.builds("set {} word {}".format, APPS, st.sampled_from(["x", "y", "z"])),
    st.builds("set {} critical {}".format, APPS, st.sampled_from(["true", "false"])),
    st.builds("when {} STARTED +{}s start {}".format, APPS, st.integers(0, 3), APPS),
    st.builds("when {} STOPPED +{}s stop {}".format, APPS, st.integers(0, 3), APPS),
    st.builds("when {} STARTED +{}s set {} word w".format, APPS, st.integers(0, 3), APPS),
)  # fmt: skip
ACTS = st.one_of(
    st.builds("set {} word {}".format, APPS, st.sampled_from(["p", "q", "r"])),
    st.builds("stop {}".format, APPS),
    st.builds("start {}".format, APPS),
    st.builds("at {}s set {} word later".format, st.integers(1, 4), APPS),
    st.sampled_from(["list", "deploy", "add test::Node late", "cancel %2", "cancel %3"]),
)
PAUSES = st.sampled_from([0.0, 0.05, 1.3, 2.7, 6.1])


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    described=st.lists(LINES, max_size=12),
    acts=st.lists(st.tuples(PAUSES, ACTS), max_size=8),
    timed=st.booleans(),
)
def test_a_session_saved_and_played_again_is_the_same_experiment(described, acts, timed):
    begin = ["add test::Node n1,n2", "add test::App a1 on n1", "add test::App a2 on n2 run_for=9s"]
    with TemporaryDirectory() as folder, typist(Path(folder, "typed")) as first:
        first(*begin)
        for line in described:
            first.tries(line)
        first("deploy", after=4.0)
        for pause, line in acts:
            first("list", after=pause)
            first.tries(line)
        first("list", after=20.0)
        lines = first.recipe(timed=timed)
        with typist(Path(folder, "played"), waits=True) as again:
            again(*lines)
            same_graph(first, again, lines)
            same_order(first, again, lines)


def same_graph(first: Typist, again: Typist, lines: list[str]) -> None:
    assert again.graph() == first.graph(), lines
    # what was done by hand hangs on conditions, too
    assert again.conditions() >= first.conditions(), lines


def same_order(first: Typist, again: Typist, lines: list[str]) -> None:
    """Whatever came later still comes later, or at the same moment where nobody waited between."""
    told, now = first.happened(), again.happened()
    assert sorted(what for _, what in now) == sorted(what for _, what in told), (lines, told, now)
    left = list(now)
    latest = 0.0
    for moment in sorted({at for at, _ in told}):
        group = [what for at, what in told if at == moment]
        times = []
        for what in group:
            found = next(each for each in left if each[1] == what)
            left.remove(found)
            times.append(found[0])
        assert min(times) >= latest - 1e-6, (lines, group, told, now)
        latest = max(latest, *times)


def test_what_was_taken_back_is_not_in_it(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n1,n2", "add test::Node oops", "remove oops", "connect n1 n2")
        session("disconnect n1 n2", "set n1 word a", "set n1 word b", "undo", "label n2 boss")
        assert session.recipe() == ["add test::Node n1 word=a", "add test::Node boss"]


def test_what_has_no_label_gets_a_name(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node", "add test::Node n", "connect 1 2", "deploy", "wait 1 STARTED")
        assert session.recipe() == [
            "add test::Node node1,n", "connect node1 n", "deploy", "wait node1 STARTED",
        ]  # fmt: skip


def test_acts_by_hand_hang_on_the_last_event(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "add test::App a on n", "deploy")
        session("set a word x", after=2.0)
        session("list", "stop a", after=1.5)
        assert session.recipe()[2:] == [
            "deploy", "when a STARTED +2s set a word x", "when a STARTED +3.5s stop a",
            "wait a STOPPED",
        ]  # fmt: skip
        assert session.recipe(timed=True)[2:] == [
            "deploy", "at 2s set a word x", "at 3.5s stop a", "wait a STOPPED",
        ]  # fmt: skip


def test_what_cannot_be_planned_waits_for_what_happened_before(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "add test::App a on n run_for=5s", "deploy")
        session("expect a STOPPED", after=60.0)
        assert session.recipe()[2:] == ["deploy", "wait a STOPPED", "expect a STOPPED"]


def test_lines_typed_in_a_row_stay_as_they_are(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "add test::App a on n", "deploy", "set a word x", "stop a")
        assert session.recipe()[2:] == ["deploy", "set a word x", "stop a"]


def test_cancelled_plans_are_left_out(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "deploy", "at 5s set n word never", "cancel %2")
        session("every 1s set n word again", after=1.0)
        session("cancel %3", after=3.5)
        found = session.recipe()
        assert not [line for line in found if "never" in line]
        assert "every 1s times 3 set n word again" in found


def test_a_mark_is_where_it_may_begin(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "deploy", "mark here it is", "set n word x")
        assert session.recipe(mark="here it is") == ["set n word x"]
        with pytest.raises(UnknownName, match="no mark 'there'"):
            session.recipe(mark="there")


def test_the_release_at_the_end_is_what_a_recipe_does_anyway(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "deploy", "release", after=0.0)
        assert session.recipe() == ["add test::Node n", "deploy"]


def test_what_follows_from_a_setting_is_not_set_again(tmp_path):
    class Careful(Recorder):
        rtype = "test::Careful"
        chosen = Attribute(flags=Flags.NoWrite, help="what it made of the word")

        def do_set(self, name, old, new):
            self.set("chosen", f"for {new}")

    with typist(tmp_path) as session:
        ResourceFactory.register_type(Careful)
        session("add test::Careful c", "deploy")
        session("set c word=x", after=2.0)
        assert session.recipe()[2:] == ["when c STARTED +2s set c word x", "wait 2.001s"]
