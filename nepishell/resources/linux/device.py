"""The base of what changes a node's network: commands of ip(8), each with the one that undoes it.

What undoes a change is noted before the change is tried, so that also something that was half made
is taken back; and only what was really changed is.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from nepishell.core.attributes import Attribute
from nepishell.core.errors import HostError
from nepishell.core.states import ResourceState
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Completed

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.resources.node import AbstractNode

#: The shell of a login may not look where an administrator's tools are.
_IP = ("sh", "-c", 'PATH="$PATH:/usr/sbin:/sbin"; exec ip "$@"', "ip")
#: What is intended before a change: the text is all that is to be undone, (guid of a node, words)
#: each, as JSON.
UNDO = "undo"
_NOTHING: Mapping[str, str] = {}
#: What iproute2 says of something that is gone already.
_GONE = ("Cannot find device", "No such process", "Cannot assign requested address", "No such dev")


class NetworkPart(ResourceManager):
    """Something that a node's kernel has because of us, and has no more after release."""

    rtype = "abstract::linux::NetworkPart"

    #: the state in which all is made
    made_at: ClassVar[ResourceState] = ResourceState.READY

    tearDown = Attribute(help="a command for sh, run as root on the node at release")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._undo: list[tuple[AbstractNode, tuple[str, ...]]] = []

    def tear_down_on(self) -> "AbstractNode | None":
        """Where tearDown runs; None before anything was done."""
        return None

    def ip(self, node: "AbstractNode", *words: str) -> Completed:
        """Run ip(8) with all rights on a node, whatever it answers."""
        return node.host.run(node.elevate([*_IP, *words], _NOTHING))

    def must(self, node: "AbstractNode", *words: str) -> str:
        """Run ip(8); what it printed. Raises HostError with its words."""
        done = self.ip(node, *words)
        if done.status:
            raise HostError(f"{node.name}: `ip {shlex.join(words)}` failed: {_reason(done)}")
        return done.stdout

    def change(self, node: "AbstractNode", words: Sequence[str], undo: Sequence[str]) -> None:
        """Change something by ip(8), to be taken back by `ip` *undo*. Raises HostError."""
        entry = node, tuple(undo)
        self._undo.append(entry)
        noted = [(where.guid, how) for where, how in self._undo]
        self.ec.intend(self.guid, UNDO, json.dumps(noted))
        try:
            self.must(node, *words)
        except HostError:
            # an error says that nothing was changed; without an answer nobody knows
            if not node.host.run(["true"]).status:
                self._undo.remove(entry)
            raise

    def take_back(self) -> None:
        """Undo all changes, the last one first; raises HostError with all that could not be."""
        problems = []
        while self._undo:
            node, words = self._undo.pop()
            done = self.ip(node, *words)
            if done.status and not any(gone in done.stderr for gone in _GONE):
                problems.append(f"{node.name}: `ip {shlex.join(words)}` failed: {_reason(done)}")
        if problems:
            raise HostError("; ".join(problems))

    def do_resume(self, acts: dict[str, str]) -> None:
        """Know again what is to be undone; what was half made is undone now, and made anew."""
        for guid, words in json.loads(acts.get(UNDO, "[]")):
            node: Any = self.ec.get_resource(guid)
            self._undo.append((node, tuple(words)))
        if self.state < self.made_at:
            self.take_back()

    def do_release(self) -> object:
        """Run tearDown, undo all changes."""
        node = self.tear_down_on()
        try:
            if self.tearDown and node is not None:
                done = node.host.run(node.elevate(["sh", "-c", self.tearDown], _NOTHING))
                if done.status:
                    self.warning(f"tearDown ended with status {done.status}: {_reason(done)}")
            self.take_back()
        finally:
            released = super().do_release()
        return released


def _reason(done: Completed) -> str:
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    words = next((line for line in lines if not line.startswith("Command failed")), "")
    return words.removeprefix("RTNETLINK answers: ").removeprefix("Error: ").rstrip(".") or (
        f"status {done.status}"
    )


def text_of(value: Any) -> str:
    """An attribute's value as text; '' for None."""
    return "" if value is None else str(value)
