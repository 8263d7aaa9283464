"""What the keeper does with requests, without a keeper."""

from collections.abc import Callable

import pytest

from nepishell.hosts.netns.building import BuildError
from nepishell.hosts.netns.namespaces import Core
from nepishell.hosts.netns.operations import Operations

pytestmark = [pytest.mark.root, pytest.mark.lab]

InThread = Callable[[Callable[[], object]], object]


def nothing(*_: object) -> None:
    """A listener that does not care."""


def port(host: str) -> tuple[object, ...]:
    return host, "eth0", f"02:00:00:00:00:0{host[1:]}", (), 1500, True


def test_removed_devices_wait_for_more_until_something_else_is_asked(in_thread: InThread) -> None:
    def story() -> list[bool]:
        lab = Operations(Core("/etc/hosts"), nothing, nothing, nothing)
        lab("add_hosts", [("h1", False), ("h2", False)])
        lab("add_switch", "s", [port("h1"), port("h2")], True)
        idle = [lab.next_deadline_s() is None]
        lab("remove_port", "s", "h1", "eth0")
        lab("remove_hosts", ["h2"])
        idle.append(lab.next_deadline_s() is None)
        lab("add_ports", "s", [port("h1")])
        idle.append(lab.next_deadline_s() is None)
        lab("close")
        lab("close")
        return [*idle, lab.is_closed]

    assert in_thread(story) == [True, False, True, True]


def test_a_port_of_another_switch_is_refused(in_thread: InThread) -> None:
    def story() -> None:
        lab = Operations(Core("/etc/hosts"), nothing, nothing, nothing)
        lab("add_hosts", [("h1", False)])
        lab("add_switch", "s", [port("h1")], True)
        lab("add_switch", "t", [], True)
        with pytest.raises(BuildError, match="h1 eth0 is not plugged into switch 't'"):
            lab("remove_port", "t", "h1", "eth0")
        lab("close")

    in_thread(story)
