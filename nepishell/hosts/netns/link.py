"""A link of the lab, in the hands of who made it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nepishell.hosts.netns import wire
from nepishell.hosts.netns.model import LinkReport, Measured, Shape
from nepishell.hosts.netns.shapes import to_fields

if TYPE_CHECKING:
    from nepishell.hosts.netns.lab import Lab


class LinkHandle:
    """One link between two hosts. Methods block, are safe from any thread, raise HostError."""

    def __init__(self, lab: "Lab", name: str, engine: str, why: str) -> None:
        self._lab = lab
        self.name = name
        #: "veth", "tbf", "netem" or "relay", and why this one
        self.engine = engine
        self.why = why

    def set_shape(self, forward: Shape, backward: Shape) -> None:
        """Change what it does while traffic flows.

        Where another engine is needed the far host's interface is replaced by one of the same
        name, MAC and addresses: what was in flight is lost, and routes that the lab did not set.
        """
        answer = self._lab.call("set_shape", self.name, to_fields(forward), to_fields(backward))
        self.engine, self.why = engine_and_why(answer)

    def measure(self) -> LinkReport:
        """Send probes both ways and say what they saw; takes a fifth of a second and its delay."""
        forward, backward = self._lab.measure(self.name)
        return LinkReport(
            engine=self.engine,
            why=self.why,
            forward=_measured(forward),
            backward=_measured(backward),
        )

    def queued(self) -> tuple[int, int]:
        """Packets that wait for the rate now, forward and backward.

        Of netem those in flight are among them: it counts both together.
        """
        match self._lab.call("queues", self.name):
            case [int(forward), int(backward)]:
                return forward, backward
        raise AssertionError("not an answer of queues")

    def remove(self) -> int:
        """Take it and the interfaces at its ends away.

        Gives how many frames were lost, besides those that its shape drops, because this machine
        was too slow to carry them.
        """
        lost = self._lab.call("remove_link", self.name)
        return lost if isinstance(lost, int) else 0


def engine_and_why(answer: wire.Json) -> tuple[str, str]:
    """What the keeper says of a link that it built or changed."""
    match answer:
        case [str(engine), str(why)]:
            return engine, why
    raise AssertionError(f"not an answer: {answer!r}")


def _measured(fields: Mapping[str, float | None]) -> Measured:
    return Measured(
        delay=fields["delay"],
        deviation=fields["deviation"],
        rate=fields["rate"],
        sent=int(fields["sent"] or 0),
        received=int(fields["received"] or 0),
    )
