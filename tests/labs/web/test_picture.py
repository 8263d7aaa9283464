"""The network on the page: who is there, how it is, and where it stands."""

from nepishell import ExperimentController
from nepishell.labs.web.picture import MARGIN, Scene


def test_the_picture_has_hosts_links_and_what_runs_where() -> None:
    with ExperimentController() as ec:
        one, two = (ec.register_resource("netns::Node", label=name) for name in ("h1", "r1"))
        ec.set(two, "forwarding", True)
        wire = ec.register_resource("netns::Link", label="wire", delay="20ms", rate="2mbit")
        ping = ec.register_resource("linux::Ping", label="probe", target="r1")
        for each, other in ((one, wire), (wire, two), (ping, one)):
            ec.register_connection(each, other)
        scene = Scene()

        drawn = scene.draw([ec.get_resource(guid) for guid in ec.resources])
        ec.set(wire, "up", False)
        again = scene.draw([ec.get_resource(guid) for guid in ec.resources])

    assert [(node["name"], node["role"], node["state"]) for node in drawn["nodes"]] == [
        ("h1", "host", "NEW"), ("r1", "router", "NEW"),
    ]  # fmt: skip
    assert drawn["nodes"][0]["items"] == [{"name": "probe", "state": "NEW"}]
    assert drawn["nodes"][0]["x"] < drawn["nodes"][1]["x"]
    (tie,) = drawn["ties"]
    assert (tie["name"], tie["values"], tie["up"]) == ("wire", "20ms 2mbit", True)
    assert [node["x"] for node in again["nodes"]] == [node["x"] for node in drawn["nodes"]]
    assert again["ties"][0]["up"] is False
    assert drawn["wide"] > 2 * MARGIN


def test_nothing_is_a_picture_too() -> None:
    assert Scene().draw([]) == {"wide": 0, "high": 0, "nodes": [], "ties": []}
