"""Maps of networks."""

from nepishell.topologies.model import Cable, NetworkMap, Place


def test_a_place_is_located_when_both_coordinates_are_known() -> None:
    assert Place("a", latitude=0.0, longitude=0.0).is_located
    assert not Place("a", latitude=1.0).is_located


def test_degrees_count_the_cables_at_each_place() -> None:
    places = (Place("a"), Place("b"), Place("c"))
    cables = (Cable(0, 1), Cable(1, 0), Cable(1, 2))
    assert NetworkMap(name="m", places=places, cables=cables).degrees == [2, 3, 1]
