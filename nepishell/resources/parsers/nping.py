"""What nping prints: a line for each packet sent and received, and sums at the end of each run."""

import re

from nepishell.resources.parsers.report import Report, table

_PACKET = re.compile(r"^(?P<way>SENT|RCVD) \((?P<at>[\d.]+)s\) (?P<what>.*?) *$", re.MULTILINE)
_TIMES = re.compile(
    r"^Max rtt: ([\d.]+)ms \| Min rtt: ([\d.]+)ms \| Avg rtt: ([\d.]+)ms", re.MULTILINE
)
_COUNTS = re.compile(
    r"^(?:Raw|UDP) packets sent: (\d+) .*Rcvd: (\d+) .*Lost: (\d+) \(([\d.]+)%\)", re.MULTILINE
)
_HANDSHAKES = re.compile(
    r"^TCP connection attempts: (\d+) \| Successful connections: (\d+) \| "
    r"Failed: (\d+) \(([\d.]+)%\)",
    re.MULTILINE,
)


def parse_nping(text: str) -> Report:
    """sent, received, lost, loss (percent) and rtt.min, .avg, .max (seconds); of the last run.

    Before nping wrote its sums, sent and received are those so far.
    """
    packets = list(_PACKET.finditer(text))
    rows = [
        (float(found["at"]), "sent" if found["way"] == "SENT" else "received", _cell(found["what"]))
        for found in packets
    ]
    metrics: dict[str, float] = {}
    if rows:
        metrics["sent"] = float(sum(row[1] == "sent" for row in rows))
        metrics["received"] = float(sum(row[1] == "received" for row in rows))
    counts = [*_COUNTS.finditer(text), *_HANDSHAKES.finditer(text)]
    if counts:
        names = ("sent", "received", "lost", "loss")
        metrics |= dict(zip(names, map(float, counts[-1].groups()), strict=True))
    for found in _TIMES.finditer(text):
        times = zip(("rtt.max", "rtt.min", "rtt.avg"), found.groups(), strict=True)
        metrics |= {name: float(ms) / 1e3 for name, ms in times}
    return Report(metrics=metrics, tables={"packets": table("time way packet", rows)})


def _cell(text: str) -> str:
    """Without what would need quotes in CSV."""
    return text.replace(",", ";").replace('"', "'")
