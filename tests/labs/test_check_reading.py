"""Points of a step are shared among its checks, and none is lost."""

from pathlib import Path

import pytest

from nepishell.labs.model import LabError, Moment, When, read_lab
from tests.labs.building import TOML, write_lab


def points(tmp_path: Path, toml: str) -> list[float]:
    return [check.points for check in read_lab(write_lab(tmp_path, toml=toml)).checks]


def test_checks_without_points_share_alike_what_is_left(tmp_path: Path) -> None:
    assert points(tmp_path, TOML) == [3, 3, 4]
    assert points(tmp_path, TOML.replace('id = "has"', 'id = "has"\n  points = 1')) == [5, 1, 4]


def test_more_points_than_the_step_has_are_refused(tmp_path: Path) -> None:
    toml = TOML.replace('id = "has"', 'id = "has"\n  points = 7')

    with pytest.raises(LabError, match=r"lab\.toml:16:1: its checks have 7 points, the step 6"):
        points(tmp_path, toml)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("ever", Moment(when=When.EVER)),
        ("before there", Moment(when=When.BEFORE, what="there")),
        ("after h1 STARTED", Moment(when=When.AFTER, what="h1 STARTED")),
    ],
)
def test_moments_are_read(tmp_path: Path, text: str, moment: Moment) -> None:
    toml = TOML.replace('id = "has"', f'id = "has"\n  when = "{text}"')

    assert read_lab(write_lab(tmp_path, toml=toml)).checks[1].moment == moment
