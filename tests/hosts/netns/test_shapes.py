"""Shapes on the wire."""

import json

from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.shapes import from_fields, to_fields


def test_a_shape_survives_the_wire() -> None:
    shape = Shape(rate=1e9, delay=0.0123, jitter=1e-6, loss=0.1, queue=7, up=False)
    assert from_fields(json.loads(json.dumps(to_fields(shape)))) == shape
    assert from_fields(to_fields(Shape())) == Shape()
