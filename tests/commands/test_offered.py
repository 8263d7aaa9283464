"""Our commands on a real experiment: what the menu offers is accepted, what is written is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nepishell.lang.call import format_call
from nepishell.lang.walk import parse, walk
from tests.commands.stand import Session, open_session
from tests.lang.test_walk_properties import lines

SOME = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: A good word that means nothing at the moment.
EMPTY = ("no resource is", "leaves no resource", "is named twice", "is given twice")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        session(
            "add test::Node h[1-3],tasks", "add test::Link wire delay=20ms secret=hunter2",
            "connect h1 wire h2", "add test::App probe on h1", "deploy h[1-2],wire,probe",
            "at 1h say late", "param delay 5ms",
        )  # fmt: skip
        yield session


@SOME
@given(data=st.data())
def test_whatever_is_offered_is_accepted(data: st.DataObject, session: Session) -> None:
    grammar, view = session.interpreter.grammar, session.interpreter.view()
    line = data.draw(lines(grammar, view))
    line = line[: data.draw(st.integers(0, len(line)))]
    before = walk(grammar, line, view)
    if before.error is not None and not before.error.incomplete:
        return
    for candidate in before.candidates():
        inserted = line[: candidate.start] + candidate.text + line[candidate.end :]
        found = walk(grammar, inserted, view).error
        assert found is None or found.incomplete, inserted
        after = None if candidate.more else walk(grammar, f"{inserted} ", view).error
        assert after is None or after.incomplete or any(why in str(after) for why in EMPTY)


@SOME
@given(data=st.data())
def test_a_call_written_as_a_line_is_read_as_the_same_call(
    data: st.DataObject, session: Session
) -> None:
    grammar, view = session.interpreter.grammar, session.interpreter.view()
    for call in walk(grammar, data.draw(lines(grammar, view)), view).calls:
        written = format_call(grammar, call, view)
        assert parse(grammar, written, view) == [call], written
