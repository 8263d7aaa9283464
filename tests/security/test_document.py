"""SECURITY.md names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "SECURITY.md"
_NAMED = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")


def test_each_threat_names_a_test_that_exists() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    threats = [row for row in rows if not row.startswith("| threat |")]
    unnamed = [row for row in threats if not _NAMED.search(row)]
    missing = [
        f"{file}::{name}"
        for row in threats
        for file, name in _NAMED.findall(row)
        if not (TESTS / file).exists() or f"def {name}" not in (TESTS / file).read_text()
    ]

    assert len(threats) > 15
    assert (unnamed, missing) == ([], [])
