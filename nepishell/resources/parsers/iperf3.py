"""What `iperf3 --json` prints at its end (it prints nothing before)."""

import json
from collections.abc import Iterator
from typing import Any

from nepishell.resources.parsers.report import Report, table

_COLUMNS = "start end bytes throughput retransmits packets lost"


def parse_iperf3(text: str) -> Report:
    """throughput (bit/s that arrived), retransmits, loss (percent), jitter and rtt in seconds."""
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        # killed while it wrote
        found = {}
    if not isinstance(found, dict):
        found = {}
    loss = found.get("end", {}).get("sum", {})
    rows = [(loss.get("packets"), loss.get("lost_packets"), loss.get("lost_percent"))]
    return Report(
        metrics=dict(_metrics(found.get("end", {}))),
        tables={
            "throughput": table(_COLUMNS, _intervals(found)),
            "loss": table("packets lost loss", rows if "lost_packets" in loss else []),
        },
        problem=str(found.get("error", "")),
    )


def _intervals(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for interval in found.get("intervals", ()):
        whole = interval["sum"]
        names = ("start", "end", "bytes", "bits_per_second", "retransmits", "packets")
        yield (*map(whole.get, names), whole.get("lost_packets"))


def _metrics(end: dict[str, Any]) -> Iterator[tuple[str, float]]:
    sent = end.get("sum_sent", {})
    received = end.get("sum_received", {})
    udp = end.get("sum", {})
    if "bits_per_second" in sent:
        yield "throughput.sent", float(sent["bits_per_second"])
    arrived = received or _udp_arrived(udp) or sent
    if "bits_per_second" in arrived:
        yield "throughput", float(arrived["bits_per_second"])
    if "bytes" in arrived:
        yield "bytes", float(arrived["bytes"])
    if "retransmits" in sent:
        yield "retransmits", float(sent["retransmits"])
    if "lost_percent" in udp:
        yield "loss", float(udp["lost_percent"])
        yield "packets", float(udp["packets"])
        yield "lost", float(udp["lost_packets"])
        yield "jitter", float(udp["jitter_ms"]) / 1e3
    yield from _rtt(end)


def _udp_arrived(udp: dict[str, Any]) -> dict[str, Any]:
    """The part of a UDP sum that was not lost: iperf3 gives what was sent."""
    if "lost_percent" not in udp:
        return udp
    share = 1 - udp["lost_percent"] / 100
    return {"bits_per_second": udp["bits_per_second"] * share, "bytes": udp["bytes"] * share}


def _rtt(end: dict[str, Any]) -> Iterator[tuple[str, float]]:
    streams = [stream.get("sender", {}) for stream in end.get("streams", ())]
    for part, name, choose in (
        ("min", "min_rtt", min),
        ("avg", "mean_rtt", lambda values: sum(values) / len(values)),
        ("max", "max_rtt", max),
    ):
        values = [stream[name] for stream in streams if stream.get(name)]
        if values:
            yield f"rtt.{part}", choose(values) / 1e6
