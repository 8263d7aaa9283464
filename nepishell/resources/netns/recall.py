"""Finding again, in a lab that outlived its controller, what the parts of an experiment had built.

What was finished is taken as it stands; of what was half built nothing is left, so that it can be
built anew.
"""

from typing import TYPE_CHECKING

from nepishell.core.errors import HostError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import Host
from nepishell.hosts.netns.link import LinkHandle
from nepishell.hosts.netns.model import Port

if TYPE_CHECKING:
    from nepishell.resources.netns.part import LabPart
    from nepishell.resources.netns.sites import Sites


PROVISIONED, READY = ResourceState.PROVISIONED, ResourceState.READY


class Recall:
    """Looks at what stands on this machine."""

    def __init__(self, sites: "Sites") -> None:
        self._sites = sites

    def host(self, node: "LabPart") -> Host | None:
        """The host of *node*; None for one that is not there. Raises HostError when it should."""
        lab, name = self._sites.here, node.lab_name
        there = name in lab.found.hosts
        if _is_whole(node, PROVISIONED, there=there):
            return lab.host(name)
        if there:
            lab.remove_host(name)
        return None

    def switch(self, switch: "LabPart", *, up: bool) -> list[Port] | None:
        """What is plugged into *switch*; None for one that is not there. Raises HostError."""
        lab, name = self._sites.here, switch.lab_name
        found = lab.found.switches.get(name)
        if found is None or not _is_whole(switch, READY, there=True):
            _is_whole(switch, READY, there=found is not None)
            if found is not None:
                lab.remove_switch(name)
            return None
        self._sites.recall_switch(name, found.ends, up=up)
        return list(found.ends)

    def link(self, link: "LabPart") -> tuple[LinkHandle, list[Port]] | None:
        """The devices of *link*, and its ends; None for one that is not there. Raises HostError."""
        lab, name = self._sites.here, link.lab_name
        found = lab.found.links.get(name)
        if found is None or not _is_whole(link, READY, there=True):
            _is_whole(link, READY, there=found is not None)
            if found is not None:
                lab.call("remove_link", name)
            return None
        return LinkHandle(lab, name, found.engine, found.why), list(found.ends)


def _is_whole(part: "LabPart", built: ResourceState, *, there: bool) -> bool:
    """Whether *part* is *there* and was finished; raises HostError when it was, and is not."""
    if not there and built <= part.state < ResourceState.FAILED:
        raise HostError(f"what was built for {part.name} is gone")
    return there and part.state >= built
