"""What our own flow tool prints: CSV already; the numbers are sums over its lines."""

import csv
from collections.abc import Iterator

from nepishell.resources.parsers.report import Report, table

_SHOWN = "time flow start end bytes packets throughput"
_LOST = "time flow start end packets lost reordered duplicates"
_DELAY = "time flow start end delay jitter"


def parse_flow(text: str) -> Report:
    """throughput (bit/s), bytes, packets, duration; of a receiver loss (percent), delay, jitter."""
    rows = list(_complete_rows(text))
    tables = {"throughput": table(_SHOWN, (_pick(row, _SHOWN) for row in rows))}
    if rows and "lost" in rows[0]:
        tables["loss"] = table(_LOST, (_pick(row, _LOST) for row in rows))
        tables["delay"] = table(_DELAY, (_pick(row, _DELAY) for row in rows if row["delay"]))
    return Report(metrics=dict(_metrics(rows)), tables=tables)


def _complete_rows(text: str) -> Iterator[dict[str, str]]:
    """The rows but for a last line that is still being written."""
    lines = text[: text.rfind("\n") + 1].splitlines()
    for row in csv.DictReader(lines):
        if None not in row.values() and row["time"] != "time":
            yield row


def _pick(row: dict[str, str], columns: str) -> tuple[str, ...]:
    return tuple(row[name] for name in columns.split())


def _metrics(rows: list[dict[str, str]]) -> Iterator[tuple[str, float]]:
    if not rows:
        return
    ends = [(float(row["time"]), float(row["end"]) - float(row["start"])) for row in rows]
    duration = max(at for at, _ in ends) - min(at - length for at, length in ends)
    total = sum(float(row["bytes"]) for row in rows)
    packets = sum(int(row["packets"]) for row in rows)
    yield "duration", duration
    yield "bytes", total
    yield "packets", float(packets)
    if duration > 0:
        yield "throughput", 8 * total / duration
    if "lost" not in rows[0]:
        return
    for name in ("lost", "reordered", "duplicates"):
        yield name, float(sum(int(row[name]) for row in rows))
    lost = sum(int(row["lost"]) for row in rows)
    if packets + lost:
        yield "loss", 100.0 * lost / (packets + lost)
    timed = [row for row in rows if row["delay"]]
    if timed:
        count = sum(int(row["packets"]) for row in timed)
        yield "delay", sum(float(row["delay"]) * int(row["packets"]) for row in timed) / count
        yield "jitter", float(timed[-1]["jitter"])
