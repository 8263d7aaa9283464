"""A campaign on disk, which is the truth: whoever is killed, what is missing can be read here.

campaign.toml            what there is to run
runs/<key>/run.json      one run: its parameters and repetition
runs/<key>/state.<name>  an empty file; a rename is the only way from one state to the next
runs/<key>/row.json      what came of it, there before the state says so
runs/<key>/tries/<n>/    each time it was begun: output, journal, traces
"""

import fcntl
import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nepishell.campaigns.axes import key_of
from nepishell.campaigns.definition import Definition, read_definition, to_toml
from nepishell.core.errors import NepishellError
from nepishell.hosts.sessions import start_time

CAMPAIGN, RUNS, RUN, ROW, TRIES, LOCK = (
    "campaign.toml", "runs", "run.json", "row.json", "tries", "lock"
)  # fmt: skip
_STATE, _OWNER = "state.", "@"
TODO, LEASED = "todo", "leased"
#: Ends. LOST: its process or machine was, as often as it was tried. SUSPECT: it ended, in doubt.
DONE, FAILED, SUSPECT, LOST = "done", "failed", "suspect", "lost"
ENDS = (DONE, FAILED, SUSPECT, LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One run that there is to be. *point*: the number of its point, from 0."""

    key: str
    parameters: Mapping[str, str]
    repetition: int
    point: int


def planned(
    definition: Definition, point: Mapping[str, str], number: int, repetition: int
) -> Planned:
    """The run of a point with this repetition, from 1."""
    key = key_of(definition.recipe_hash, point, repetition)
    return Planned(key=key, parameters=dict(point), repetition=repetition, point=number)


def me() -> str:
    """Who has a lease: this process, whatever gets its number when it is gone."""
    pid = os.getpid()
    return f"{socket.gethostname()}~{_boot()}~{pid}~{start_time(pid)}"


def _boot() -> str:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    return "0"


def is_alive(owner: str) -> bool:
    """Whether the process that *owner* names is there; False as well for one elsewhere."""
    try:
        host, boot, pid, started = owner.split("~")
        return host == socket.gethostname() and boot == _boot() and (
            start_time(int(pid)) == int(started)
        )  # fmt: skip
    except ValueError:
        return False


class Manifest:
    """The folder of one campaign. All methods but `hold` may be used beside whoever runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def definition(self) -> Definition:
        """What there is to run; raises NepishellError where there is no campaign."""
        path = self.folder / CAMPAIGN
        if not path.exists():
            raise NepishellError(f"no campaign in {self.folder}: there is no {CAMPAIGN} in it")
        return read_definition(path)

    def define(self, definition: Definition) -> None:
        """Write what there is to run."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / CAMPAIGN, to_toml(definition))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Inside, nobody else runs this campaign; raises NepishellError when somebody does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NepishellError(f"campaign {self.folder} is being run already") from None
            yield

    # -- runs -----------------------------------------------------------------------------------

    def run_folder(self, key: str) -> Path:
        """Where everything of one run is."""
        return self.folder / RUNS / key

    def add(self, runs: Iterable[Planned]) -> None:
        """Have these runs, to be done; those that are there stay as they are."""
        (self.folder / RUNS).mkdir(parents=True, exist_ok=True)
        there = set(self.all_keys())
        for run in runs:
            if run.key not in there:
                self._add(run)

    def _add(self, run: Planned) -> None:
        # with all that belongs to it, or not at all
        made = self.folder / RUNS / f".{run.key}"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        facts = {"parameters": dict(run.parameters), "repetition": run.repetition,
                 "point": run.point}  # fmt: skip
        (made / RUN).write_text(json.dumps(facts, ensure_ascii=False) + "\n")
        (made / f"{_STATE}{TODO}").touch()
        made.rename(self.run_folder(run.key))

    def all_keys(self) -> list[str]:
        """All runs that were ever planned."""
        with suppress(FileNotFoundError), os.scandir(self.folder / RUNS) as found:
            return sorted(each.name for each in found if not each.name.startswith("."))
        return []

    def runs(self) -> list[Planned]:
        """All runs with what they are, in the order of points and repetitions."""
        found = [self.run(key) for key in self.all_keys()]
        return sorted(found, key=lambda run: (run.point, run.repetition))

    def run(self, key: str) -> Planned:
        """What one run is."""
        facts = json.loads((self.run_folder(key) / RUN).read_text())
        return Planned(key=key, parameters=facts["parameters"], repetition=facts["repetition"],
                       point=facts["point"])  # fmt: skip

    def state(self, key: str) -> str:
        """Its state: 'todo', 'leased' or one of ENDS."""
        return self._state_and_owner(key)[0]

    def _state_and_owner(self, key: str) -> tuple[str, str]:
        for name in os.listdir(self.run_folder(key)):  # noqa: PTH208 - a thousand folders are looked at
            if name.startswith(_STATE):
                state, _, owner = name.removeprefix(_STATE).partition(_OWNER)
                return state, owner
        # between two looks it was renamed, or somebody deleted the file
        return TODO, ""

    def _rename(self, key: str, old: str, new: str) -> bool:
        folder = self.run_folder(key)
        try:
            (folder / f"{_STATE}{old}").rename(folder / f"{_STATE}{new}")
        except FileNotFoundError:
            return False
        return True

    def count(self) -> Counter[str]:
        """How many runs are in which state."""
        return Counter(map(self.state, self.all_keys()))

    def claim(self, key: str, owner: str) -> bool:
        """Take a run that is to be done; False when somebody else has it."""
        return self._rename(key, TODO, f"{LEASED}{_OWNER}{owner}")

    def give_back(self, key: str, owner: str) -> bool:
        """Let a run be done by another; False when *owner* has it no more."""
        return self._rename(key, f"{LEASED}{_OWNER}{owner}", TODO)

    def finish(self, key: str, owner: str, end: str, row: Mapping[str, Any]) -> bool:
        """Enter what came of a run; False, and nothing is entered, when *owner* has it no more."""
        lease = f"{LEASED}{_OWNER}{owner}"
        if not (self.run_folder(key) / f"{_STATE}{lease}").exists():
            return False
        _write(self.run_folder(key) / ROW, json.dumps(row, ensure_ascii=False, indent=1) + "\n")
        return self._rename(key, lease, end)

    def again(self, key: str, end: str) -> bool:
        """Have a run that ended so done once more; its row goes, what it recorded stays."""
        if not self._rename(key, end, TODO):
            return False
        (self.run_folder(key) / ROW).unlink(missing_ok=True)
        return True

    def sweep(self) -> list[str]:
        """Have all leases back whose owner is gone; the runs. Only who holds the campaign calls it.

        A lease of another machine is taken as well: its owner would hold the campaign otherwise.
        """
        swept = []
        for key in self.all_keys():
            state, owner = self._state_and_owner(key)
            if state == LEASED and not is_alive(owner) and self.give_back(key, owner):
                swept.append(key)
            elif not any((self.run_folder(key)).glob(f"{_STATE}*")):
                (self.run_folder(key) / f"{_STATE}{TODO}").touch()
        return swept

    def next_try(self, key: str) -> Path:
        """A new folder for one more time that it is begun."""
        tries = self.run_folder(key) / TRIES
        tries.mkdir(exist_ok=True)
        made = tries / str(len(self.tries(key)) + 1)
        made.mkdir()
        return made

    def tries(self, key: str) -> list[Path]:
        """The folders of the times that it was begun, in no order."""
        with suppress(FileNotFoundError):
            return list((self.run_folder(key) / TRIES).iterdir())
        return []

    def row(self, key: str) -> dict[str, Any] | None:
        """What came of a run; None when there is nothing yet."""
        try:
            found = json.loads((self.run_folder(key) / ROW).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) else None


def _write(path: Path, text: str) -> None:
    """Whole, or not at all, also when the machine loses its power."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with made.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.rename(path)
