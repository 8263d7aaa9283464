"""What came of a recipe, in the end."""

import json

from nepishell.batch.exits import Exit
from nepishell.batch.summary import lines_of
from tests.batch.conftest import Play

PAIR = "add test::Node h1\nadd test::App probe on h1\ndeploy\n"
FACTS = {
    "lasted": 2.34, "resources": {"STARTED": 3}, "failed": [], "expected": 0, "unmet": [],
    "links": [], "doubts": [], "results": "/runs/1",
}  # fmt: skip


def link(name, *, suspect=False):
    return {"link": name, "engine": "relay", "suspect": suspect, "asked": {"delay": "5ms"},
            "measured": {"delay": "5.1ms"}}  # fmt: skip


def test_expectations_are_counted_and_the_unmet_named(play: Play):
    text = PAIR + "expect probe STARTED\nexpect probe STOPPED\n"
    played = play(text, "--summary", "--keep-going")
    assert played.status is Exit.FAILED
    told = played.err.splitlines()
    assert "expectations met: 1 of 2" in told
    assert [line for line in told if "not met: a.nepi:5:1: expected probe STOPPED" in line]
    assert told[-1].startswith("results: ")


def test_without_a_terminal_nothing_is_said_unless_it_is_asked_for(play: Play):
    assert play(PAIR).err == ""
    assert play(PAIR, "--summary").err.startswith("done after ")


def test_for_programs_it_is_one_more_line_of_json(play: Play):
    last = json.loads(play(PAIR, "--summary", "--json").out.splitlines()[-1])["summary"]
    assert (last["outcome"], last["resources"]) == ("done", {"STARTED": 2})


def test_links_that_were_alike_are_one_line():
    facts = {**FACTS, "links": [link("w1"), link("w2"), link("w3", suspect=True)]}
    assert list(lines_of(facts, "done")) == [
        "done after 2.3s: 3 STARTED",
        "link w[1-2]: relay, as asked (delay 5ms); measured delay 5.1ms when it was made",
        "link w3: relay, NOT as asked (delay 5ms); measured delay 5.1ms when it was made",
        "results: /runs/1",
    ]


def test_failures_and_doubts_are_named():
    facts = {**FACTS, "failed": [{"resource": "bad", "reason": "ended"}], "doubts": ["1s: late"]}
    assert list(lines_of(facts, "failed"))[1:3] == ["  bad FAILED: ended", "suspect: 1s: late"]
