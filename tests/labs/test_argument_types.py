"""Names of labs complete, and a path is as good."""

from nepishell.labs.argument_types import LabType
from nepishell.lang.view import StaticView

VIEW = StaticView()


def test_labs_that_ship_complete() -> None:
    assert [one.text for one in LabType().complete(VIEW, {}, "rou", 10)] == ["routes"]
    assert len(list(LabType().complete(VIEW, {}, "", 2))) == 2


def test_a_path_is_taken_as_it_is() -> None:
    assert LabType().parse(VIEW, {}, "./my-lab") == "./my-lab"
