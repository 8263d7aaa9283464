"""The base of all resources of the embedded lab: they know the lab that they share."""

from typing import TYPE_CHECKING, ClassVar

from nepishell.engine.resource import ResourceManager
from nepishell.resources.netns.network import INTERFACE, NODE, SEGMENT, Network

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

#: What a part intends when it is built: the text is its name in the lab.
BUILD = "build"

__all__ = ["INTERFACE", "NODE", "SEGMENT", "LabPart"]


class LabPart(ResourceManager):
    """Something in the lab of this run."""

    #: NODE, INTERFACE or SEGMENT
    role: ClassVar[str] = ""

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        #: what all lab parts of this run share
        self.net = ec.shared("netns", lambda: Network(ec))
        self.net.parts[guid] = self
        self._frozen = ""

    @property
    def lab_name(self) -> str:
        """How the lab calls it: its label when it was made, or a letter and its guid."""
        return (
            self._frozen or self.label or f"{self.rtype.rpartition('::')[2][0].lower()}{self.guid}"
        )

    def freeze_name(self) -> None:
        """From now on the lab knows it by this name; a label that comes later is one more."""
        self._frozen = self.lab_name
        self.ec.intend(self.guid, BUILD, self._frozen)

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find it in the lab by the name that it was built under; what is half built goes."""
        self._frozen = acts.get(BUILD, "")
        if self._frozen:
            self.recall()

    def recall(self) -> None:
        """Find what was built; raises HostError when it is gone."""
