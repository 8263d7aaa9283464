"""Plan, as a person reads it."""

import json

from tests.commands.stand import Session

HEAD = ["at", "resources", "becomes", "because", "takes"]


def rows(session: Session, line: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in json.loads(session.text(f"{line} | json"))]


def test_all_that_is_new_is_planned_and_equals_are_folded(pair: Session) -> None:
    assert rows(pair, "plan") == [
        (0.0, "h[1-2]", "READY", "nothing holds it back", None),
        (0.0, "probe,wire", "READY", "needs h[1-2] READY", None),
        (0.0, "h[1-2],wire", "STARTED", "all READY", None),
        (0.0, "probe", "STARTED", "needs h1 STARTED", None),
    ]
    assert pair.state("h1") == "NEW"


def test_a_part_can_be_planned(pair: Session) -> None:
    assert [row[1:3] for row in rows(pair, "plan deploy h1,h2 alone")] == [
        ("h[1-2]", "READY"),
        ("h[1-2]", "STARTED"),
    ]


def test_a_condition_is_told_with_its_delay(pair: Session) -> None:
    pair("when wire STARTED +30s start probe")
    assert rows(pair, "plan")[-1] == (30.0, "probe", "STARTED", "when wire STARTED +30s", None)


def test_what_would_never_happen_comes_last_with_its_reason(pair: Session) -> None:
    pair("when wire STOPPED start probe", "add test::App lost")
    never = rows(pair, "plan")[-2:]
    assert never == [
        (None, "lost", "never deployed",
         "resource 5 (lost) needs 1 test::Node; connected: none", None),
        (None, "probe", "never STARTED",
         "start waits for wire to be STOPPED, and nothing says how long wire would run", None),
    ]  # fmt: skip
    assert "probe would never be STARTED: start waits for wire" in pair.text("plan")
    assert "deploy would refuse: lost cannot be deployed; the plan is without" in pair.text("plan")


def test_who_waits_for_what_is_not_deployed_is_told(pair: Session) -> None:
    pair("when wire STARTED start probe")
    assert rows(pair, "plan deploy h1,probe")[-1][3] == (
        "start waits for wire to be STARTED, and nobody deploys wire"
    )


def test_a_running_experiment_is_planned_to_its_end(running: Session) -> None:
    assert running.text("plan") == "nothing is left to happen"
    running("add test::Node h3")
    assert [row[1:3] for row in rows(running, "plan")] == [("h3", "READY"), ("h3", "STARTED")]


def test_times_that_are_not_known_are_said_to_be_not_known(pair: Session) -> None:
    assert pair.text("plan").endswith(
        "how long hooks of test::App, test::Link, test::Node take is not known yet: counted as 0"
    )
    pair("deploy", "add test::Node h3")
    assert "not known" not in pair.text("plan")


def test_settings_that_wait_are_planned_in_their_place(pair: Session) -> None:
    pair("when probe STARTED +2s set wire delay 50ms", "when wire STARTED +5s stop probe")
    assert [row[:4] for row in rows(pair, "plan")][-2:] == [
        (2.0, "wire", "set delay to 50ms", "when probe STARTED +2s"),
        (5.0, "probe", "STOPPED", "when wire STARTED +5s"),
    ]
    assert pair.ec.get(3, "delay") == 0.02


def test_a_setting_that_would_never_come_is_told(pair: Session) -> None:
    pair("when probe STOPPED set wire delay 50ms")
    assert "wire would never be set: set delay to 50ms once probe is STOPPED" in pair.text("plan")


def test_a_deployment_that_was_taken_back_is_not_planned(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy nowait", "wait h1,h2,wire STARTED", "cancel %1")
    assert pair.text("plan") == "nothing is left to happen"


def test_lines_for_later_stand_at_their_time(pair: Session) -> None:
    pair("at 1h set wire delay 5ms", "every 2h get wire", "when wire STARTED +90m start probe")
    found = rows(pair, "plan")[-3:]
    assert [row[1:4] for row in found] == [
        ("%1", "set wire delay 5ms", "it was planned"),
        ("probe", "STARTED", "when wire STARTED +1.5h"),
        ("%2", "get wire", "it was planned, every 2h"),
    ]
    assert 3590 < float(str(found[0][0])) <= 3600


def test_what_was_cancelled_is_not_in_the_plan(running: Session) -> None:
    running("at 1h set wire delay 5ms", "cancel %1")
    assert running.text("plan") == "nothing is left to happen"
