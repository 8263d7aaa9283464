"""Shapes of links as the wire carries them."""

from collections.abc import Mapping
from dataclasses import asdict

from nepishell.hosts.netns.model import Shape

_FRACTIONS = ("rate", "delay", "jitter", "loss", "duplicate", "reorder", "corrupt")

Fields = Mapping[str, float]


def to_fields(shape: Shape) -> Fields:
    """What JSON can carry."""
    return asdict(shape)


def from_fields(fields: Fields) -> Shape:
    """The shape that was sent."""
    numbers = {name: fields[name] for name in _FRACTIONS}
    return Shape(queue=int(fields["queue"]), up=bool(fields["up"]), **numbers)
