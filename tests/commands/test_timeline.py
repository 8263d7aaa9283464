"""The timeline of a run."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.output.style import Style
from tests.commands.stand import Session


def test_nothing_deployed_is_an_empty_chart(pair: Session) -> None:
    assert pair.text("timeline") == "nothing has happened yet"
    assert pair.text("timeline | json") == "[]"


def test_each_state_is_a_record_with_its_times(running: Session) -> None:
    found = json.loads(running.text("timeline probe | json"))
    assert [each["state"] for each in found] == ["DISCOVERED", "PROVISIONED", "READY", "STARTED"]
    assert all(each["resource"] == "probe" for each in found)
    for each, following in pairwise(found):
        assert each["end"] == following["begin"]


def test_a_failure_is_marked_and_explained_below(pair: Session) -> None:
    pair("set probe fails=true critical=false", "deploy")
    lines = pair.text("timeline").splitlines()
    assert lines[-1] == "probe: it was told to"
    assert "X" in next(line for line in lines if line.startswith("probe"))


def test_the_chart_fits_the_terminal(running: Session) -> None:
    drawing = running("timeline")
    assert max(map(len, drawing.draw(Style(width=50)).splitlines()[:-1])) <= 50


def test_a_file_that_ends_in_svg_gets_a_picture(running: Session, tmp_path: Path) -> None:
    running(f"timeline > {tmp_path}/one.svg", f"timeline save {tmp_path}/two.svg probe")
    assert all((tmp_path / name).read_text().startswith("<svg") for name in ("one.svg", "two.svg"))
    running(f"timeline > {tmp_path}/three.txt")
    assert "STARTED" in (tmp_path / "three.txt").read_text()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("timeline > run.gif", r"'run\.gif': pictures are written as svg, png, pdf"),
        ("timeline save run.txt", r"the ending of a picture's name is one of \.svg, \.png, \.pdf"),
        ("timeline save /no/such/folder/run.svg", r"cannot be written: no such file"),
        ("list > run.svg", r"only 'timeline' and 'plot' draw one"),
    ],
)
def test_what_cannot_be_saved_says_what_can(running: Session, line: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        running(line)


def test_what_was_released_ends_there(running: Session) -> None:
    running("release all")
    found = json.loads(running.text("timeline | json"))
    assert {each["state"] for each in found} >= {"READY", "STARTED"}
    assert "RELEASED" not in {each["state"] for each in found}
