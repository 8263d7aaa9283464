"""A map as a script deploys it: `geant FILE` measures all round trips, `large FILE` the times."""

import json
import re
import sys
import tempfile
import time
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from bench.maps import RoundTrips
from nepishell import ExperimentController
from nepishell.core.addressing import PortAsk, SegmentAsk, plan_addresses
from nepishell.core.routing import RoutedSegment, plan_routes
from nepishell.topologies.atlas import read_map, rescaled
from nepishell.topologies.building import Style, build
from nepishell.topologies.model import NetworkMap

STYLE = Style(node_values={"routes": "delay"})
#: eight requests to each of the others, all of them at once; the quickest of the eight counts
PINGS = 'me=$1; shift; for o in "$@"; do ping -nq -I "$me" -c 8 -i .1 -W 9 "$o" & done; wait'


def described(path: Path, ec: ExperimentController) -> NetworkMap:
    """The map of a file, without rates, as resources."""
    found = rescaled(read_map(path), 1.0, 1.0)
    build(ec, found, STYLE)
    return found


def deployed(ec: ExperimentController) -> float:
    """Seconds until everything is STARTED."""
    began = time.perf_counter()
    ec.deploy()
    if not (reached := ec.wait_started(ec.resources)):
        raise SystemExit(reached.reason)
    return time.perf_counter() - began


def planned(found: NetworkMap) -> None:
    """Addresses and routes, as the lab plans them."""
    asks = [
        SegmentAsk(key=k, name=f"l{k}", ports=tuple(
            PortAsk(key=(k, end), name=found.places[end].name) for end in cable[:2]))
        for k, cable in enumerate(found.cables)
    ]  # fmt: skip
    plan = plan_addresses(asks)
    segments = [
        RoutedSegment(
            network=ip_network(plan.networks4[k]),
            ports={end: plan.ports[k, end].plain[0] for end in cable[:2]},
            cost=round((cable.delay or 0.0) * 1e9),
        )
        for k, cable in enumerate(found.cables)
    ]
    plan_routes(segments, range(len(found.places)))


def large(path: Path, folder: Path) -> dict[str, float]:
    """Seconds to plan, to deploy and to release."""
    began = time.perf_counter()
    with ExperimentController(local_dir=folder) as ec:
        planned(described(path, ec))
        plan = time.perf_counter() - began
        deploy = deployed(ec)
        began = time.perf_counter()
    return {"plan": plan, "deploy": deploy, "release": time.perf_counter() - began}


def geant(path: Path, folder: Path) -> dict[str, float]:
    """Pairs that were reached, and how far their round trips are from the sums of the delays."""
    with ExperimentController(local_dir=folder) as ec:
        found = described(path, ec)
        deploy = deployed(ec)
        nodes: list[Any] = [ec.get_resource(ec.find(place.name)) for place in found.places]
        plugs = sorted(nodes[0].net.plugs().items())
        address, homes = {}, {}
        for (segment, _), port in plugs:
            if port.host not in address:
                address[port.host] = port.addresses[0].partition("/")[0]
                homes[port.host] = next(
                    o.host for (s, _), o in plugs if s == segment and o.host != port.host
                )
        trips = RoundTrips(found, homes)

        def excesses(index: int) -> list[tuple[float, float]]:
            """(expected, how much longer it took) of each host behind *index*."""
            others = {address[place.name]: place.name for place in found.places[index + 1 :]}
            own = address[found.places[index].name]
            out = nodes[index].host.run(["sh", "-c", PINGS, "sh", own, *others]).stdout
            told = re.findall(r"--- (\S+) ping statistics ---\n.*\n(?:rtt .*? = ([\d.]+)/)?", out)
            pairs = [(others[whom], float(least) / 1e3) for whom, least in told if least]
            wanted = [(trips.expected(found.places[index].name, name), rtt) for name, rtt in pairs]
            return [(expected, rtt - expected) for expected, rtt in wanted]

        all_of_them = [each for index in range(len(nodes)) for each in excesses(index)]
    missed = [over for expected, over in all_of_them if abs(over) > max(0.001, expected * 0.2)]
    return {
        "deploy": deploy,
        "reached": len(all_of_them),
        "missed": len(missed),
        "worst_ms": max((over for _, over in all_of_them), default=0.0) * 1e3,
    }


def main() -> None:
    what, file = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"geant": geant, "large": large}[what](file, Path(folder))))


if __name__ == "__main__":
    main()
