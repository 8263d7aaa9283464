"""What the page says of a session is what the session says."""

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from nepishell.labs.model import read_lab
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant
from nepishell.labs.web.page import Page, lab_text, standing
from nepishell.labs.web.shown import ShownHint, Standing
from tests.labs.building import write_lab


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A student on the second step of a lab that has nothing to be built."""
    lab = read_lab(write_lab(tmp_path / "lab", **{"start.nepi": "say hello\n"}))
    stage = Stage(lab, practice_variant(lab, "ann"), tmp_path / "runs")
    stage.session.begin()
    return stage


def test_the_texts_have_the_values_of_the_student(stage: Stage) -> None:
    with stage:
        text = lab_text(stage.session)

    net = stage.session.variant.values["net"]
    assert (text.title, text.student) == ("Two hosts", "ann (practice)")
    assert text.steps[0].html == (
        f"<h2>Addresses</h2>\n<p>Give <strong>h1</strong> the address <code>10.{net}.0.1/24</code>."
        "</p>"
    )


def test_checks_wait_until_they_are_looked_at_and_then_say_what_was_seen(stage: Stage) -> None:
    session = stage.session
    with stage:
        before = standing(session)
        session.check()
        after = standing(session)

    assert [check.standing for check in before.checks] == [Standing.WAITS, Standing.WAITS]
    assert before.standings == {"address": Standing.WAITS, "tell": Standing.WAITS}
    assert [check.standing for check in after.checks] == [Standing.FAILS, Standing.FAILS]
    assert after.checks[0].seen != ""


def test_hints_are_offered_and_shown_once_they_were_taken(stage: Stage) -> None:
    session = stage.session
    with stage:
        first = standing(session)
        session.check()
        offered = standing(session)
        found = session.hint()
        assert found is not None
        session.take(*found)
        taken = standing(session)

    assert first.hints == ()
    assert first.note == "There is a hint after 1 more 'lab check' that fails."
    assert offered.hints == (ShownHint(cost=0),)
    assert taken.hints == (
        ShownHint(html="<p>Look at <code>h1 ip address</code>.</p>"), ShownHint(cost=2),
    )  # fmt: skip


def test_what_was_done_is_told_and_where_to_go(stage: Stage) -> None:
    session = stage.session
    with stage:
        session.step = "tell"
        session.answer(session.lab.checks[2], session.variant.values["word"])
        done = standing(session)

    assert (done.points, done.standings["tell"]) == (4, Standing.HOLDS)
    assert done.note == "This step is done: type 'lab next'."


def events(answer: Any) -> Any:
    while line := answer.readline().decode():
        kind = line.removeprefix("event: ").strip()
        yield kind, json.loads(answer.readline().decode().removeprefix("data: "))
        answer.readline()


def test_the_page_follows_the_session_and_the_experiment(stage: Stage) -> None:
    with stage:
        page = Page(stage.session)
        host, _, path = page.url.removeprefix("http://").partition("/")
        asking = HTTPConnection(host, timeout=20)
        asking.request("GET", f"/{path}events")
        with asking.getresponse() as answer:
            heard = events(answer)
            assert next(heard)[0] == "lab"
            assert next(heard)[1]["picture"]["nodes"] == []

            stage.do("add netns::Node h9")
            nodes = next(now["picture"]["nodes"] for _, now in heard if now["picture"]["nodes"])
            assert [node["name"] for node in nodes] == ["h9"]

            stage.session.next()
            assert next(now for _, now in heard if now["step"] == "tell")["points"] == 0

            page.close()
            page.close()
            assert list(heard)[-1] == ("end", {})
