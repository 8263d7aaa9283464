"""What waits for what."""

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_a_start_waits_for_the_state_of_others(pair: Session) -> None:
    assert pair("when probe STOPPED start h2").text == "start h2 once probe is STOPPED"
    pair("deploy")
    assert pair.state("h2") == "READY"
    pair("stop probe", "wait h2 STARTED timeout 5s")


def test_a_delay_counts_from_the_last_of_them(pair: Session) -> None:
    pair("when h1,wire STARTED +20ms stop probe", "deploy", "wait probe STOPPED timeout 5s")
    ec = pair.ec
    began = max(ec.get_start_time(1), ec.get_start_time(3))
    assert (ec.get_stop_time(4) - began).total_seconds() >= 0.02


def test_an_attribute_is_set_once_others_reached_a_state(pair: Session) -> None:
    noted = pair("when probe STOPPED set wire delay 99ms")
    assert noted.text == "set wire delay 99ms once probe is STOPPED"
    pair("deploy", "stop probe", "wait 20ms")
    assert pair.ec.get(3, "delay") == 0.099


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("when probe STARTED start probe", "would wait for itself"),
        ("when probe STARTD start h2", "'STARTD' is not a state.*did you mean 'STARTED'"),
        ("when probe STARTED +5 start h2", "'5' is not a duration"),
        ("when nobody STARTED start h2", "no resource 'nobody'"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(pair: Session, line: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        pair(line)
