"""Links in the words of the wire, and the process that measures them."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.link import LinkHandle
from nepishell.hosts.netns.model import Port, Shape

pytestmark = pytest.mark.lab


def links(lab: Lab, count: int) -> list[LinkHandle]:
    lab.add_hosts(["a", "b"])
    slow = Shape(delay=0.005)
    return [
        lab.add_link(
            f"l{n}",
            Port(host="a", ifname=f"e{n}"),
            Port(host="b", ifname=f"e{n}"),
            slow,
            slow,
            engine="relay",
        )
        for n in range(count)
    ]


def child_named(lab: Lab, word: str) -> int:
    """The keeper's process in whose command line *word* stands."""
    keeper = lab.keeper_pid
    for pid in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split():
        if word in Path(f"/proc/{pid}/cmdline").read_text():
            return int(pid)
    raise AssertionError(word)


def test_links_are_measured_together_and_not_mixed_up(lab: Lab) -> None:
    made = links(lab, 6)
    made[0].set_shape(Shape(delay=0.03), Shape(delay=0.005))
    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(LinkHandle.measure, made))
    slow = [number for number, r in enumerate(reports) if (r.forward.delay or 0) > 0.029]
    assert slow == [0]
    assert all(report.backward.received == report.backward.sent for report in reports)


def test_a_measuring_process_that_dies_is_an_error_and_is_replaced(lab: Lab) -> None:
    (link,) = links(lab, 1)
    link.measure()
    prober = child_named(lab, "prober")
    os.kill(prober, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(link.measure)
        lab.add_host("meanwhile")
        os.kill(prober, signal.SIGKILL)
        # asked before or after the death: an error, or the answer of the next process
        error = waiting.exception()
    assert error is None or "the measuring process has died" in str(error)
    assert link.measure().forward.received > 0


def test_closing_amid_a_measurement_is_an_error_for_who_waits(lab: Lab) -> None:
    (link,) = links(lab, 1)
    link.measure()
    os.kill(child_named(lab, "prober"), signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(link.measure)
        lab.add_host("meanwhile")
        lab.close()
        with pytest.raises(HostError, match="closed"):
            waiting.result()
