"""The table of resource types."""

import subprocess
import sys
from pathlib import Path

import pytest

from nepishell import (
    ExperimentController,
    NepishellError,
    ResourceFactory,
    ResourceManager,
    UnknownName,
)


class Thing(ResourceManager):
    """Some thing."""

    rtype = "test::Thing"


def test_a_registered_type_is_found() -> None:
    ResourceFactory.register_type(Thing)

    assert ResourceFactory.get_resource_type("test::Thing") is Thing
    assert ResourceFactory.resource_types()["test::Thing"] is Thing
    assert "test::Thing" in ResourceFactory.rtypes()


def test_the_last_registration_wins() -> None:
    class Other(ResourceManager):
        rtype = "test::Thing"

    ResourceFactory.register_type(Thing)
    ResourceFactory.register_type(Other)

    assert ResourceFactory.find("test::Thing") is Other


def test_an_unknown_type_is_none_or_an_error_that_suggests() -> None:
    ResourceFactory.register_type(Thing)

    assert ResourceFactory.get_resource_type("test::Think") is None
    with pytest.raises(UnknownName, match="no resource type 'test::Think'; did you mean"):
        ResourceFactory.find("test::Think")


def test_creates_a_resource_manager_of_the_type(ec: ExperimentController) -> None:
    ResourceFactory.register_type(Thing)
    rm = ResourceFactory.create("test::Thing", ec, 7)

    assert (type(rm), rm.guid, rm.ec) == (Thing, 7, ec)


def test_creating_an_unknown_type_is_what_nepi_scripts_catch(ec: ExperimentController) -> None:
    with pytest.raises(KeyError):
        ResourceFactory.create("test::Nothing", ec, 7)


def test_a_type_without_a_name_is_refused() -> None:
    class Nameless(ResourceManager):
        """Forgot its rtype."""

    with pytest.raises(NepishellError, match="Nameless has no rtype"):
        ResourceFactory.register_type(Nameless)


def test_a_loader_is_asked_once_and_only_when_its_type_is_needed() -> None:
    asked: list[int] = []

    def load() -> type[ResourceManager]:
        asked.append(1)
        return Thing

    ResourceFactory.register_loader("test::Thing", load)
    assert "test::Thing" in ResourceFactory.rtypes()
    assert asked == []
    assert ResourceFactory.find("test::Thing") is Thing
    assert ResourceFactory.find("test::Thing") is Thing
    assert asked == [1]


def test_importing_executes_nothing_of_the_current_directory(tmp_path: Path) -> None:
    (tmp_path / "surprise.py").write_text("print('executed')\n")
    (tmp_path / "nepi_surprise.py").write_text("raise SystemExit('executed')\n")
    code = "import nepishell; nepishell.ResourceFactory.rtypes(); nepishell.ExperimentController"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout == ""
