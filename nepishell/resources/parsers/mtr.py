"""The report that mtr prints: one line for each hop, times in milliseconds."""

import re

from nepishell.resources.parsers.report import Report, table

_REPORT = re.compile(r"^(?=HOST: )", re.MULTILINE)
_HOP = re.compile(
    r"^ *(?P<hop>\d+)\.(?:\|--|) *(?P<address>\S+)(?: \((?P<number>[^)]+)\))? +(?P<loss>[\d.]+)%? +"
    r"(?P<sent>\d+) +(?P<times>[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+)",
    re.MULTILINE,
)
_COLUMNS = "hop address loss sent last avg best worst stdev run"


def parse_mtr(text: str) -> Report:
    """hops, and of the last one loss (percent) and rtt.min, .avg, .max, .mdev (seconds).

    Of several reports the numbers are those of the last one.
    """
    rows: list[tuple[int | str | float | None, ...]] = []
    metrics: dict[str, float] = {}
    for number, part in enumerate(_REPORT.split(text)[1:], 1):
        for found in _HOP.finditer(part):
            heard = found["address"] != "???"
            times = [float(word) / 1e3 if heard else None for word in found["times"].split()]
            address = found["address"] if heard else ""
            loss, sent = float(found["loss"]), int(found["sent"])
            rows.append((int(found["hop"]), address, loss, sent, *times, number))
            metrics = {"hops": float(found["hop"]), "sent": float(sent), "loss": loss}
            names = ("rtt.avg", "rtt.min", "rtt.max", "rtt.mdev")
            metrics.update(
                (name, value)
                for name, value in zip(names, times[1:], strict=True)
                if value is not None
            )
    return Report(metrics=metrics, tables={"hops": table(_COLUMNS, rows)})
