import subprocess
import sys

import pytest

from nepishell.core.errors import UnknownName
from nepishell.engine.factory import ResourceFactory
from nepishell.resources import table


@pytest.mark.parametrize("rtype", sorted(table.TYPES))
def test_each_type_has_the_name_it_is_listed_under_and_help(rtype):
    found = table.load(rtype)
    assert found.rtype == rtype
    assert found.get_help()


@pytest.mark.parametrize("rtype", sorted(table.TYPES))
def test_each_attribute_says_what_it_is(rtype):
    without = [
        n for n, attribute in table.load(rtype).get_attributes().items() if not attribute.help
    ]
    assert without == []


def test_an_unknown_type_suggests_another():
    with pytest.raises(UnknownName, match="no resource type 'linux::Pink'; did you mean 'linux::P"):
        table.load("linux::Pink")


def test_registering_all_imports_none():
    program = (
        "import sys; from nepishell.resources import table; table.register_all();"
        "heavy = ('nepishell.resources.l', 'nepishell.hosts');"
        "print([m for m in sys.modules if m.startswith(heavy)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_factory_finds_what_was_registered():
    table.register_all()
    assert ResourceFactory.find("linux::Ping") is table.load("linux::Ping")
