"""A map of a network: places and the cables between them, whatever it was read or made from.

Names are fit to be labels and host names; what was not said and had to be assumed is told.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

ROUTER, HOST, SWITCH = "router", "host", "switch"


class Place(NamedTuple):
    """A node of the map. *kind*: ROUTER, HOST or SWITCH; coordinates in degrees where known."""

    name: str
    kind: str = ROUTER
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_located(self) -> bool:
        """Whether both coordinates are known."""
        return self.latitude is not None and self.longitude is not None


class Cable(NamedTuple):
    """A line of the map between the places with these numbers.

    *delay* in seconds one way, *rate* in bit/s, *weight*: what a way over it costs; None: not said.
    """

    one: int
    other: int
    delay: float | None = None
    rate: float | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkMap:
    """Places, and the cables between them; *assumed*: what the source did not say, in lines."""

    name: str
    places: tuple[Place, ...]
    cables: tuple[Cable, ...]
    assumed: tuple[str, ...] = field(default=())

    @property
    def degrees(self) -> list[int]:
        """How many cables end at each place."""
        found = [0] * len(self.places)
        for cable in self.cables:
            found[cable.one] += 1
            found[cable.other] += 1
        return found
