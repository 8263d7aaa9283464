"""Runs on the workers of a Dask cluster: one task for each, and of what it finds only the row.

The manifest stays with who conducts. So a worker that is killed costs a run that is begun again,
and a scheduler the runs that were going on: whoever goes on reads what is missing.
"""

import logging
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from distributed import Client, Future

from nepishell.campaigns.carrying import STDOUT, Errand, Processes, Row, carry_out
from nepishell.campaigns.engines import Gone, Said
from nepishell.campaigns.manifest import LOST
from nepishell.core.errors import NepishellError

#: What a worker declares to say how many emulations it can bear: `--resources netlab=1`.
RESOURCE = "netlab"
#: Seconds until a scheduler must have answered and a worker must be there.
PATIENCE_S = 30
#: Its loggers that write about lost connections, which are told in one line here.
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "tornado.application")

_ADDRESS = re.compile(r"\w+://\S+:\d+")

#: On a worker: the runs of each campaign that uses it.
_processes: dict[str, Processes] = {}


class Cluster:
    """An engine. Its methods are called from one thread; rows come from one of Dask's."""

    def __init__(self, address: str | None, scheduler_file: str | None, said: Said) -> None:
        self._said = said
        self._token = uuid4().hex
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        where = address or str(scheduler_file)
        if address is not None and not _ADDRESS.fullmatch(address):
            raise NepishellError(
                f"'{address}' is not the address of a scheduler; write it as in tcp://lab1:8786"
            )
        if scheduler_file is not None and not Path(scheduler_file).exists():
            raise NepishellError(f"{scheduler_file}: no such file; 'dask scheduler' writes it")
        try:
            self._client = Client(address, scheduler_file=scheduler_file, timeout=PATIENCE_S,
                                  set_as_default=False, name="nepishell")  # fmt: skip
        except (OSError, ValueError, TypeError) as problem:
            why = str(problem).splitlines()[0] if str(problem) else "no answer"
            raise NepishellError(f"no scheduler at {where}: {why}") from None
        self._wait_for_a_worker(where)
        self._futures: dict[str, Future[Row]] = {}
        self._count()

    def _wait_for_a_worker(self, where: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            self._client.close()
            raise NepishellError(
                f"no worker at {where}; start some: dask worker {where} --nthreads 1 "
                f"--resources {RESOURCE}=1"
            ) from None

    def _count(self) -> None:
        """How many runs the workers do at a time: as they declare, or one for each thread."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        declared = {name: int(each.get("resources", {}).get(RESOURCE, 0))
                    for name, each in workers.items()}  # fmt: skip
        self._is_declared = any(declared.values())
        each = Counter[str]()
        for name, worker in workers.items():
            count = declared[name] if self._is_declared else int(worker["nthreads"])
            each[str(worker["host"])] += min(count, int(worker["nthreads"]))
        self._slots, self._jobs = max(1, each.total()), max(each.values(), default=1)

    @property
    def slots(self) -> int:
        return self._slots

    @property
    def jobs(self) -> int:
        return self._jobs

    def submit(self, errand: Errand, folder: Path) -> None:
        resources = {RESOURCE: 1} if self._is_declared else None
        try:
            future = self._client.submit(
                carry_far, errand, str(folder), self._token, key=f"{errand.key}-{uuid4().hex}",
                resources=resources, pure=False,
            )  # fmt: skip
        except (OSError, RuntimeError, ValueError) as problem:
            self._said.put(Gone(_lost(problem)))
            return
        # Dask forgets what nobody refers to
        self._futures[errand.key] = future
        future.add_done_callback(lambda done: self._done(errand, done))

    def _done(self, errand: Errand, future: Future[Row]) -> None:
        self._futures.pop(errand.key, None)
        if future.status == "finished":
            self._said.put(future.result())
        elif future.status == "error":
            problem = future.exception()
            reason = f"{type(problem).__name__}: {problem}".splitlines()[0]
            self._said.put({"key": errand.key, "verdict": LOST, "reason": reason,
                            "parameters": dict(errand.parameters), "metrics": {},
                            **errand.more})  # fmt: skip
        else:
            self._said.put(Gone(_lost(None)))

    def stop(self, *, now: bool = False) -> None:
        try:
            self._client.run(end_runs, self._token, now=now, on_error="ignore")
        except (OSError, RuntimeError, ValueError) as problem:
            self._said.put(Gone(_lost(problem)))

    def close(self) -> None:
        self._client.close()


def _lost(problem: BaseException | None) -> str:
    why = f": {problem}".splitlines()[0] if problem else ""
    return f"the connection to the scheduler is lost{why}"


# -- on a worker -----------------------------------------------------------------------------------


def carry_far(errand: Errand, folder: str, token: str) -> Row:
    """Carry out *errand* on a worker. Its files stay where this machine sees *folder*, or go."""
    processes = _processes.setdefault(token, Processes())
    given = Path(folder)
    if not given.exists():
        return _without_files(errand, processes)
    own = _unused(given)
    relative = str(errand.more.get("files", ""))
    more = {**errand.more, "files": str(Path(relative).parent / own.name)}
    return carry_out(replace(errand, more=more), own, processes)


def _unused(folder: Path) -> Path:
    """*folder*, or one beside it: a worker that was killed may have begun in it."""
    number, own = 1, folder
    while (own / STDOUT).exists():
        number += 1
        own = folder.with_name(f"{folder.name}.{number}")
        own.mkdir(exist_ok=True)
    return own


def _without_files(errand: Errand, processes: Processes) -> Row:
    made = Path(tempfile.mkdtemp(prefix="nepishell-"))
    try:
        row = carry_out(replace(errand, more={**errand.more, "files": ""}), made, processes)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return row


def end_runs(token: str, *, now: bool = False) -> None:
    """End the runs of one campaign on this worker."""
    _processes.setdefault(token, Processes()).stop(now=now)
