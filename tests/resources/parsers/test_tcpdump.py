from pathlib import Path

from nepishell.resources.parsers.tcpdump import parse_tcpdump

SAMPLES = Path(__file__).parent.parent / "samples"


def test_its_three_counts_are_read():
    metrics = parse_tcpdump((SAMPLES / "tcpdump_stderr.txt").read_text()).metrics
    assert metrics == {"captured": 6, "received": 6, "dropped": 0}


def test_an_error_has_no_counts():
    assert parse_tcpdump((SAMPLES / "tcpdump_nodev_stderr.txt").read_text()).metrics == {}
