"""What traceroute prints: one line for each hop, '*' for a probe without answer."""

import re
from collections.abc import Iterator

from nepishell.resources.parsers.report import Report, spread, table

_HEADER = re.compile(r"^traceroute to (\S+) \(([^)]+)\)", re.MULTILINE)
_HOP = re.compile(r"^ ?(\d+)  ?(.*)$", re.MULTILINE)
_WORD = re.compile(r"(?P<star>\*)|(?P<ms>[\d.]+) ms(?: (?P<note>![\w<>-]*))?|"
                   r"(?P<name>[^\s()]+)(?: \((?P<address>[^)]+)\))?")  # fmt: skip


_RUN = re.compile(r"^(?=traceroute to )", re.MULTILINE)


def parse_traceroute(text: str) -> Report:
    """hops to the target (or to the last that answered), reached (1 or 0), rtt of the last.

    Of several runs the numbers are those of the last one with a hop in it.
    """
    metrics: dict[str, float] = {}
    rows: list[tuple[int | str | float | None, ...]] = []
    runs = [part for part in _RUN.split(text) if _HEADER.search(part)] or [text]
    for number, part in enumerate(runs, 1):
        found = [row for match in _HOP.finditer(part) for row in _probes(int(match[1]), match[2])]
        metrics = _metrics(part, found) or metrics
        rows.extend((*row, number) for row in found)
    return Report(
        metrics=metrics, tables={"hops": table("hop probe address name rtt note run", rows)}
    )


Row = tuple[int, int, str, str, float | None, str]


def _probes(hop: int, text: str) -> Iterator[Row]:
    name = address = ""
    probe = 0
    for word in _WORD.finditer(text):
        if word["name"]:
            name, address = word["name"], word["address"] or word["name"]
            continue
        probe += 1
        if word["star"]:
            yield hop, probe, "", "", None, ""
        else:
            yield hop, probe, address, name, float(word["ms"]) / 1e3, word["note"] or ""


def _metrics(text: str, rows: list[Row]) -> dict[str, float]:
    if not rows:
        return {}
    header = _HEADER.search(text)
    target = header[2] if header else ""
    answered = [row for row in rows if row[2]]
    last = answered[-1] if answered else None
    # '!' marks an answer that says the target cannot be reached
    reached = last is not None and last[2] == target and not last[5]
    times = [row[4] for row in answered if last and row[0] == last[0] and row[4] is not None]
    hops = {"hops": float(last[0] if last else 0), "reached": float(reached)}
    return hops | spread("rtt", times)
