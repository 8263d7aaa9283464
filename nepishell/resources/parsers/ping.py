"""What iputils' ping prints, complete or still being written."""

import re

from nepishell.resources.parsers.report import Report, spread, table

_REPLY = re.compile(
    r"^(?:\[(?P<stamp>[\d.]+)\] )?\d+ bytes from .*?icmp_seq=(?P<seq>\d+)"
    r"(?: ttl=(?P<ttl>\d+))?(?: time=(?P<ms>[\d.]+) ms)?(?P<dup>.*\(DUP!\))?",
    re.MULTILINE,
)
_SUMMARY = re.compile(
    r"^(?P<sent>\d+) packets transmitted, (?P<received>\d+) received"
    r"(?:, \+(?P<duplicates>\d+) duplicates)?(?:, \+(?P<corrupted>\d+) corrupted)?"
    r"(?:, \+(?P<errors>\d+) errors)?, (?P<loss>[\d.]+)% packet loss",
    re.MULTILINE,
)
_TIMES = re.compile(r"^rtt min/avg/max/mdev = ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+) ms", re.MULTILINE)


def parse_ping(text: str) -> Report:
    """Round-trip times in seconds and counts.

    Before ping wrote its summary, the numbers are those of the replies so far, and packets
    missing among them count as lost.
    """
    replies = [match.groupdict() for match in _REPLY.finditer(text)]
    first = [reply for reply in replies if not reply["dup"]]
    times = [float(reply["ms"]) / 1e3 for reply in first if reply["ms"]]
    metrics = spread("rtt", times)
    if summary := _TIMES.search(text):
        names = ("rtt.min", "rtt.avg", "rtt.max", "rtt.mdev")
        metrics.update(
            (name, float(ms) / 1e3) for name, ms in zip(names, summary.groups(), strict=True)
        )
    metrics.update(_counts(text, [int(reply["seq"]) for reply in first], len(replies)))
    rows = [
        (
            int(reply["seq"]),
            reply["stamp"],
            float(reply["ms"]) / 1e3 if reply["ms"] else None,
            int(reply["ttl"]) if reply["ttl"] else None,
        )
        for reply in replies
    ]
    loss = tuple(metrics.get(name) for name in ("sent", "received", "duplicates", "errors", "loss"))
    return Report(
        metrics=metrics,
        tables={
            "rtt": table("seq time rtt ttl", rows),
            "loss": table("sent received duplicates errors loss", [loss]),
        },
    )


def is_complete(text: str) -> bool:
    """Whether ping got as far as its summary: then status 1 means loss, not a wrong call."""
    return _SUMMARY.search(text) is not None


def _counts(text: str, numbers: list[int], replies: int) -> dict[str, float]:
    if summary := _SUMMARY.search(text):
        names = ("sent", "received", "duplicates", "errors", "loss")
        return {name: float(summary[name] or 0) for name in names}
    if not numbers:
        return {}
    sent, received = max(numbers), len(set(numbers))
    return {
        "sent": float(sent),
        "received": float(received),
        "duplicates": float(replies - len(numbers)),
        "errors": float(len(re.findall(r"^From .* icmp_seq=", text, re.MULTILINE))),
        "loss": 100.0 * (sent - received) / sent,
    }
