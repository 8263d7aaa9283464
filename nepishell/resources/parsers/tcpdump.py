"""What tcpdump says on stderr when it ends."""

import re

from nepishell.resources.parsers.report import Report

_COUNT = re.compile(
    r"^(\d+) packets? (captured|received by filter|dropped by kernel)", re.MULTILINE
)
_NAME = {"captured": "captured", "received by filter": "received", "dropped by kernel": "dropped"}


def parse_tcpdump(text: str) -> Report:
    """packets captured, received (by the filter) and dropped (by the kernel)."""
    return Report(metrics={_NAME[what]: float(n) for n, what in _COUNT.findall(text)})
