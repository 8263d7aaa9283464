"""One thread for all ends and deadlines."""

import subprocess
import threading
from queue import SimpleQueue

from nepishell.hosts.watching import Watcher

PATIENCE_S = 20.0


def test_tells_each_end_once_from_its_own_thread() -> None:
    told: SimpleQueue[tuple[int, str]] = SimpleQueue()
    watcher = Watcher("test-watcher")
    children = [subprocess.Popen(["true"]) for _ in range(20)]
    for number, child in enumerate(children):

        def tell(number: int = number) -> None:
            told.put((number, threading.current_thread().name))

        watcher.watch(child.pid, tell)
    got = [told.get(timeout=PATIENCE_S) for _ in children]
    assert sorted(got) == [(number, "test-watcher") for number in range(20)]
    watcher.close()
    assert told.empty()
    for child in children:
        child.wait()


def test_deadlines_come_in_order_of_time() -> None:
    told: SimpleQueue[str] = SimpleQueue()
    watcher = Watcher("test-watcher")
    watcher.after(0.02, lambda: told.put("late"))
    watcher.after(0.0, lambda: told.put("early"))
    assert [told.get(timeout=PATIENCE_S) for _ in range(2)] == ["early", "late"]
    watcher.close()


def test_a_closed_watcher_leaves_no_thread_and_calls_nobody() -> None:
    before = threading.active_count()
    told: list[str] = []
    watcher = Watcher("test-watcher")
    watcher.after(60.0, lambda: told.append("late"))
    with subprocess.Popen(["sleep", "60"]) as child:
        watcher.watch(child.pid, lambda: told.append("end"))
        watcher.close()
        watcher.close()
        child.kill()
    assert (threading.active_count(), told) == (before, [])
