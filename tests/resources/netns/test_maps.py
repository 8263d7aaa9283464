"""A real network, deployed: GEANT with its 40 routers and 61 links."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.maps import RoundTrips
from nepishell.topologies.atlas import read_map, rescaled
from nepishell.topologies.building import Style, build

GEANT = Path(__file__).parents[2] / "topologies" / "data" / "Geant2012.gml"
#: in one shell of a host: a request from its first address to each of the others, all at once
ALL_AT_ONCE = (
    'me=$1; shift; for one in "$@"; do ping -n -I "$me" -c 1 -W 20 "$one" & done; wait'
)  # fmt: skip


@pytest.mark.lab
def test_every_router_of_geant_reaches_each_other_over_the_delays_of_its_links(lab):
    found = rescaled(read_map(GEANT), 1.0, 1e6)
    built = build(lab.ec, found, Style(node_values={"routes": "delay"},
                                       link_values={"best_effort": True}))  # fmt: skip
    assert (len(built.nodes), len(built.links)) == (40, 61)
    lab.ec.deploy()
    done = lab.ec.wait_started(lab.ec.resources, timeout=90)
    assert done, done.reason

    names = [place.name for place in found.places]
    address, homes = {}, {}
    plugs = sorted(lab.rm("nl").net.plugs().items())
    for (segment, _), port in plugs:
        if port.host not in address:
            address[port.host] = port.addresses[0].partition("/")[0]
            homes[port.host] = next(
                other.host for (s, _), other in plugs if s == segment and other.host != port.host
            )
    trips = RoundTrips(found, homes)
    host_of = {value: name for name, value in address.items()}

    def reached(index: int) -> dict[str, float]:
        """Seconds to each host behind *index* in the list."""
        to = [address[name] for name in names[index + 1 :]]
        shell = ("sh", "-c", ALL_AT_ONCE, "sh", address[names[index]], *to)
        out = lab.run(names[index], *shell).stdout
        replies = re.findall(r"from ([\d.]+): .* time=([\d.]+) ms", out)
        return {host_of[whom]: float(rtt) / 1e3 for whom, rtt in replies}

    with ThreadPoolExecutor(4) as pool:
        for index, found_there in enumerate(pool.map(reached, range(40))):
            assert sorted(found_there) == sorted(names[index + 1 :])
            # a busy machine makes some slower, none faster
            early = {
                to: rtt
                for to, rtt in found_there.items()
                if rtt < trips.expected(names[index], to) - 0.0002
            }
            assert early == {}
