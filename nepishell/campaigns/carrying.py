"""Carrying out one run: a process of its own, with its own state, and what came of it as a row.

A row that says `lost` is about the process or the machine, not about the experiment: such a run is
begun again. All else is a result, a failed experiment too.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from nepishell.campaigns import launcher
from nepishell.campaigns.manifest import DONE, FAILED, LOST, SUSPECT
from nepishell.campaigns.numbers import at_the_end, expected
from nepishell.commands.bundles import about_run
from nepishell.core.errors import NepishellError
from nepishell.journal.runs import Fate, Run, runs

STDOUT, STDERR, STATE = "stdout", "stderr", "nepishell"
#: nepishell in this interpreter; -P: what lies in the current directory is not it
PROGRAM = (sys.executable, "-P", "-m", "nepishell")
#: exit status of `nepishell run` -> verdict
VERDICTS = {0: "ok", 1: "failed", 2: "wrong", 3: "timeout"}
#: Ends of lines of what it said that are worth keeping, in bytes.
_TAIL = 4096
#: Seconds that a run gets to release what it built before it is killed.
PATIENCE_S = 30.0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be run, in words that can be sent to another machine."""

    key: str
    recipe: str
    parameters: Mapping[str, str]
    repetition: int
    seed: int
    #: the text of the recipe, for a machine that does not have the file
    text: str = ""
    metrics: tuple[str, ...] = ()
    timeout_s: float | None = None
    yes: bool = False
    #: how many runs this machine does at a time
    jobs: int = 1
    more: Mapping[str, Any] = field(default_factory=dict)


class Processes:
    """The runs that this process has begun. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._most: dict[str, int] = {}
        self._is_over = False
        self._later: Timer | None = None

    def begin(self, key: str, argv: list[str], folder: Path) -> subprocess.Popen[bytes]:
        """Start it; raises NepishellError when all were asked to end, OSError when it cannot be."""
        with (folder / STDOUT).open("wb") as out, (folder / STDERR).open("wb") as err, self._lock:
            if self._is_over:
                raise NepishellError("this campaign is being stopped")
            made = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
                env={**os.environ, "XDG_STATE_HOME": str(folder)},
            )  # fmt: skip
            self._running[key] = made
            self._most[key] = 0
            for each in self._running:
                self._most[each] = max(self._most[each], len(self._running) - 1)
        return made

    def end(self, key: str) -> int:
        """It is over; how many others ran beside it at the most."""
        with self._lock:
            self._running.pop(key, None)
            if self._later is not None and not self._running:
                self._later.cancel()
            return self._most.pop(key, 0)

    def stop(self, *, now: bool = False, patience_s: float = PATIENCE_S) -> None:
        """Ask all to release and end, or kill them, and begin no more.

        Those that were asked are killed after *patience_s* seconds.
        """
        with self._lock:
            self._is_over = True
            for process in self._running.values():
                process.send_signal(signal.SIGKILL if now else signal.SIGTERM)
            if self._running and not now and self._later is None:
                self._later = Timer(patience_s, self.stop, kwargs={"now": True})
                self._later.daemon = True
                self._later.start()


def command_line(errand: Errand, recipe: Path) -> list[str]:
    """The words that start it, in this interpreter and with this nepishell."""
    argv = [sys.executable, "-I", "-S", str(Path(launcher.__file__)), str(os.getpid())]
    argv += [*PROGRAM, "run", str(recipe), "--json"]
    argv += ["--seed", str(errand.seed)]
    for name, value in errand.parameters.items():
        argv += ["--param", f"{name}={value}"]
    return argv + (["--yes"] if errand.yes else [])


def carry_out(errand: Errand, folder: Path, processes: Processes) -> Row:
    """Run it, with all its files in *folder*; blocks until it is over."""
    began, started = time.time(), time.monotonic()
    load = os.getloadavg()[0]
    try:
        process = processes.begin(errand.key, command_line(errand, _recipe(errand, folder)), folder)
    except (OSError, NepishellError) as problem:
        return _row(errand, folder, verdict=LOST, reason=str(problem))
    overdue = False
    try:
        process.wait(errand.timeout_s)
    except subprocess.TimeoutExpired:
        overdue = True
        _end(process)
    beside = processes.end(errand.key)
    found = _judge(errand, folder, process.returncode, overdue=overdue)
    return {
        **_row(errand, folder, **found),
        "began": began,
        "lasted": round(time.monotonic() - started, 3),
        "machine": os.uname().nodename,
        "cpus": os.cpu_count() or 0,
        "beside": beside,
        "load": [round(load, 2), round(os.getloadavg()[0], 2)],
    }


def _recipe(errand: Errand, folder: Path) -> Path:
    """The recipe's file here; made of its text where the file of that name is not there."""
    given = Path(errand.recipe)
    if given.exists() or not errand.text:
        return given
    made = folder / given.name
    made.write_text(errand.text)
    return made


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _row(errand: Errand, folder: Path, **found: Any) -> Row:
    return {
        "key": errand.key,
        "parameters": dict(errand.parameters),
        "repetition": errand.repetition,
        "seed": errand.seed,
        "jobs": errand.jobs,
        "files": str(folder),
        "metrics": {},
        "doubts": [],
        "status": None,
        **errand.more,
        **found,
    }


def _judge(errand: Errand, folder: Path, status: int, *, overdue: bool) -> Row:
    """What came of it, from its exit status and its journal."""
    run = run_in(folder)
    said = _last_words(folder)
    if status < 0 or status not in VERDICTS:
        if not overdue:
            return {"verdict": LOST, "status": status, "reason": _how_lost(status, said)}
        said = f"it took longer than {errand.timeout_s:g}s"
    if run is None and status in (0, 1, 3):
        return {"verdict": LOST, "status": status, "reason": said or "it kept no journal"}
    row: Row = {
        "verdict": "timeout" if overdue else VERDICTS[status],
        "status": status,
        "reason": "" if status == 0 else said,
    }
    if run is not None:
        row |= _numbers(errand, folder, run)
        row["doubts"] = list(run.doubts)
        row["run"] = run.run_id
        if row["verdict"] == "ok" and run.doubts:
            row["verdict"], row["reason"] = SUSPECT, run.doubts[0]
    return row


def _how_lost(status: int, said: str) -> str:
    if status < 0:
        with suppress(ValueError):
            return f"killed by {signal.Signals(-status).name}"
    return said or f"it ended with status {status}"


def _numbers(errand: Errand, folder: Path, run: Run) -> Row:
    with (folder / STDOUT).open(encoding="utf-8", errors="replace") as lines:
        seen = expected(lines)
    try:
        last, missing = at_the_end(run, errand.metrics)
        about = about_run(run)
    except NepishellError as problem:
        return {"metrics": seen, "missing": [str(problem)]}
    # one that was asked for is the one at the end, for it was not the recipe that named it
    return {"metrics": {**last, **seen}, "expected": list(seen), "missing": missing,
            "links": about.get("links", [])}  # fmt: skip


def run_in(folder: Path) -> Run | None:
    """The run that was begun in the folder of a try, None when it never came so far."""
    found = runs(folder / STATE)
    return found[-1] if found else None


def _last_words(folder: Path) -> str:
    with (folder / STDERR).open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL))
        lines = file.read().decode(errors="replace").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("    ")]
    return told[0] if told else ""


def end_of(row: Mapping[str, Any]) -> str:
    """The state in the manifest that a verdict leads to."""
    return {"ok": DONE, SUSPECT: SUSPECT, LOST: LOST}.get(str(row["verdict"]), FAILED)


def clean(folder: Path) -> str:
    """Release what the run in the folder of a try has left; what was done, or '' for nothing.

    In a process of its own: taking over a run is nothing to do between others.
    """
    run = run_in(folder)
    if run is None or run.fate is not Fate.ORPHANED:
        return ""
    done = subprocess.run(
        [*PROGRAM, "clean"], env={**os.environ, "XDG_STATE_HOME": str(folder)}, text=True,
        capture_output=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    said = (done.stderr.strip() or f"it ended with status {done.returncode}").splitlines()[-1]
    now = run_in(folder)
    if now is not None and now.fate is Fate.ORPHANED:
        return f"what a lost run has left is still there: {folder}: {said}"
    return f"what a lost run had left: {said}"
