"""Devices that are promised to be gone."""

from typing import Any, cast

from nepishell.hosts.netns import messages
from nepishell.hosts.netns.netlink import Message, NetlinkError
from nepishell.hosts.netns.removal import DOOMED_GROUP, Removals


class Recorder:
    """A core or a host's namespace whose kernel only remembers."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.netlink = self
        self.sent: list[list[Message]] = []
        self.refuses = refuses

    def send(self, batch: Any) -> None:
        self.sent.append(list(batch))
        if self.refuses:
            raise NetlinkError(19, "x", "No such device")


def removals(core: Recorder) -> Removals:
    return Removals(cast(Any, core))


def test_many_devices_go_in_one_group() -> None:
    core = Recorder()
    collected = removals(core)
    assert collected.due_in_s() is None
    collected.add_devices([5, 6])
    collected.add_devices([7])
    assert collected.due_in_s() is not None
    assert core.sent == []
    collected.flush()
    collected.flush()
    doomed, (deletion,) = core.sent
    assert [message.what for message in doomed] == ["device 5", "device 6", "device 7"]
    assert deletion == messages.delete_group("removed devices", DOOMED_GROUP)
    assert collected.due_in_s() is None


def test_a_pair_goes_by_the_end_whose_host_is_still_there() -> None:
    core, here, there = Recorder(), Recorder(), Recorder()
    collected = removals(core)
    collected.add_pair([(cast(Any, here), 2), (cast(Any, there), 3)])
    collected.forget(cast(Any, here))
    collected.flush()
    assert (here.sent, there.sent) == ([], [[messages.delete_link("device 3", 3)]])
    collected.add_pair([(cast(Any, there), 3)])
    collected.forget(cast(Any, there))
    collected.flush()
    assert len(there.sent) == 1


def test_what_is_gone_already_is_no_error() -> None:
    core, host = Recorder(refuses=True), Recorder(refuses=True)
    collected = removals(core)
    collected.add_devices([5])
    collected.add_pair([(cast(Any, host), 2)])
    collected.flush()
    assert (len(core.sent), len(host.sent)) == (2, 1)
