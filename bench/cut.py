"""A host whose link is down for 5 s and for 60 s: when that is noticed, and when it is over.

With the waits that a user gets; a program that writes all the time runs at the other end.
"""

import os
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from time import monotonic, sleep

from bench.figure import Figure
from nepishell.hosts.base import Exit, Reach
from nepishell.hosts.ssh import SshHost
from tests.cable import Cable

SHORT_S = 5.0
#: Until what must come has come.
_PATIENCE_S = 60.0
#: Silence, then patience; the pause between two tries, spread, and the time of a try.
_NOTICED_S, _FOUND_S = 15.5, 15.0 * 1.3 + 5.0
_WRITER = "n=0; while [ ! -e stop ]; do n=$((n + 1)); echo $n; sleep 0.1; done"


def measure(length_s: int = 60) -> list[Figure]:
    """*length_s*: of the long cut, more than 15."""
    if os.geteuid() != 0:
        return [Figure(name="ssh cut", skipped="needs root: run as root")]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-cut-")))
        cable = Cable(folder, stack)
        host = SshHost(cable.sshd.endpoint(), dial=cable.dial)
        stack.callback(host.close)
        stack.callback(cable.plug, True)
        return _cuts(cable, host, folder / "run", length_s)


def _cuts(cable: Cable, host: SshHost, run_dir: Path, length_s: int) -> list[Figure]:
    told, ends = Queue[Reach](), Queue[Exit]()
    host.on_reach(told.put)
    host.spawn(["sh", "-c", _WRITER], run_dir=run_dir, on_exit=ends.put)
    _cut(cable, SHORT_S)
    since = monotonic()
    host.run(["true"], timeout_s=None)
    answered_s = monotonic() - since
    unnoticed = told.empty()
    since = monotonic()
    cut = threading.Thread(target=_cut, args=(cable, length_s))
    cut.start()
    told.get(timeout=_PATIENCE_S)
    noticed_s = monotonic() - since
    cut.join()
    since = monotonic()
    while not told.get(timeout=_PATIENCE_S).up:
        pass
    found_s = monotonic() - since
    (run_dir / "stop").touch()
    end = ends.get(timeout=_PATIENCE_S)
    counted = host.read(run_dir / "stdout").decode().split()
    whole = counted == [str(number) for number in range(1, len(counted) + 1)]
    if not unnoticed or end.status or not whole:
        return [Figure(name="ssh cut", skipped=f"wrong: {unnoticed=}, {end=}, {whole=}")]
    return [
        Figure(name="cut of 5 s: a command behind it", unit="s", ours=answered_s),
        Figure(
            name=f"cut of {length_s} s: noticed after", unit="s", ours=noticed_s, at_most=_NOTICED_S
        ),
        Figure(name=f"cut of {length_s} s: over after", unit="s", ours=found_s, at_most=_FOUND_S),
    ]


def _cut(cable: Cable, length_s: float) -> None:
    cable.plug(False)
    sleep(length_s)
    cable.plug(True)
