"""Real networks: GEANT with all its round trips, and a map as large as the largest real one."""

import tempfile
from pathlib import Path

from bench.figure import Figure
from bench.maps import LINKS, PLACES, large_map
from bench.side import TOP, interleave, run

GEANT = TOP / "tests" / "topologies" / "data" / "Geant2012.gml"
PAIRS = 40 * 39 // 2


def measure() -> list[Figure]:
    """Seconds for the large one; for GEANT, whether the delays of its links are those measured."""
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.gml"
        large.write_text(large_map(), encoding="utf-8")
        sides = {
            "large": lambda: run("map_ours", "large", str(large)),
            "geant": lambda: run("map_ours", "geant", str(GEANT)),
        }
        medians, failed = interleave(sides, rounds=1)
    return [*_large(medians.get("large", {}), failed.get("large", "")),
            *_geant(medians.get("geant", {}), failed.get("geant", ""))]  # fmt: skip


def _large(seen: dict[str, float], skipped: str) -> list[Figure]:
    title = f"{PLACES} places, {LINKS} links"
    return [
        Figure(name=f"{title}: read, addressed, routed", unit="s", ours=seen.get("plan"),
               at_most=10.0, skipped=skipped),
        Figure(name="- deployed, each link with its delay", unit="s", ours=seen.get("deploy"),
               at_most=12.0, skipped=skipped),
        Figure(name="- released, gone", unit="s", ours=seen.get("release"), skipped=skipped),
    ]  # fmt: skip


def _geant(seen: dict[str, float], skipped: str) -> list[Figure]:
    return [
        Figure(name="GEANT (40 routers, 61 links): deployed", unit="s", ours=seen.get("deploy"),
               skipped=skipped),
        Figure(name=f"- pairs reached, of {PAIRS}", ours=seen.get("reached"), at_least=PAIRS,
               skipped=skipped),
        Figure(name="- round trips off by more than 20 % or 1 ms", ours=seen.get("missed"),
               at_most=0, skipped=skipped),
        Figure(name="- furthest from the sum of its delays", unit="ms", ours=seen.get("worst_ms"),
               skipped=skipped),
    ]  # fmt: skip
