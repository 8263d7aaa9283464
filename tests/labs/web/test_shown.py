"""What the page is told is plain enough for JSON."""

import json

from nepishell.labs.web.shown import LabText, Now, ShownCheck, Standing, StepText


def test_a_lab_and_how_it_stands_survive_json() -> None:
    lab = LabText(title="T", summary="", student="ann",
                  steps=(StepText(id="one", title="One", html="<p>x</p>", points=2),))  # fmt: skip
    check = ShownCheck(id="c", title="C", standing=Standing.FAILS, seen="3")
    waits = {"one": Standing.WAITS}
    now = Now(step="one", points=0, most=2, standings=waits, checks=(check,))

    assert json.loads(json.dumps(lab.as_json()))["steps"] == [
        {"id": "one", "title": "One", "html": "<p>x</p>", "points": 2}
    ]
    told = json.loads(json.dumps(now.as_json()))
    assert told["standings"] == {"one": "waits"}
    assert told["checks"][0]["standing"] == "fails"
