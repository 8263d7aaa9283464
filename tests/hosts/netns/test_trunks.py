"""What leads to other machines, as the keeper refuses it; what it does is in test_spanning.py."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.farlab import FarLab
from nepishell.hosts.netns.lab import Lab

pytestmark = pytest.mark.root


def test_the_way_out_is_found_by_the_machines_routes(parts: tuple[FarLab, FarLab]) -> None:
    assert parts[0].underlay("192.168.7.2") == ("192.168.7.1", 1500)


def test_a_machine_without_a_way_says_so(tmp_path: Path, parts: tuple[FarLab, FarLab]) -> None:
    with pytest.raises(HostError, match=r"no way from here to 203\.0\.113\.1: Network is"):
        parts[0].underlay("203.0.113.1")


def test_what_is_not_there_is_named(lab: Lab) -> None:
    with pytest.raises(HostError, match="the lab has no link 'l'"):
        lab.call("remove_half", "l")
    with pytest.raises(HostError, match="the lab has no switch 's'"):
        lab.call("add_trunk", "s", 5, 1450, ["192.168.7.2"])
    assert lab.call("remove_trunk", "s") is None
