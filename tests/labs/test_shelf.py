"""A lab is found by its name or its path."""

from pathlib import Path

import pytest

from nepishell.core.errors import UnknownName
from nepishell.labs.shelf import find_lab, shipped_labs
from tests.labs.building import write_lab


def test_labs_that_ship_are_found_by_name() -> None:
    assert "routes" in shipped_labs()
    assert find_lab("routes").id == "routes"


def test_a_lab_is_found_by_its_folder(tmp_path: Path) -> None:
    assert find_lab(str(write_lab(tmp_path / "mine"))).id == "small"


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(UnknownName, match="no lab 'rutes'; did you mean 'routes'"):
        find_lab("rutes")
