"""What can be made by name."""

import subprocess
import sys

import pytest

from nepishell.topologies.catalogue import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_parameter_has_its_name_a_help_and_a_default_or_is_required(kind: str) -> None:
    assert KINDS[kind].help
    for name, attribute in KINDS[kind].parameters.items():
        assert attribute.name == name
        assert attribute.help
        assert attribute.required or attribute.default is not None


def test_it_is_known_without_networkx() -> None:
    code = "import sys, nepishell.commands.declared; assert 'networkx' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
