"""A campaign in the folder of the test: a recipe that only talks, and an engine in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from nepishell.campaigns.axes import Axes
from nepishell.campaigns.carrying import Errand, Row
from nepishell.campaigns.conducting import Conductor, Outcome
from nepishell.campaigns.definition import Definition
from nepishell.campaigns.engines import Gone, Said
from nepishell.campaigns.manifest import Manifest, Planned
from nepishell.campaigns.preparing import open_for, prepare

TALK = 'param word hello\nparam size 1\nsay "${word} ${size}"\n'

#: What an engine of a test does with an errand.
Answer = Callable[[Errand], Row | Gone | None]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test is in a folder of its own, and so are its runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.nepi").write_text(TALK)
    return tmp_path


def define(**more: Any) -> Definition:
    """A campaign of talk.nepi, checked; by default two points, two runs of each."""
    given = {"name": "talk", "axes": Axes(product={"word": ("a", "b")}), "repeat": 2, **more}
    return prepare(Definition(recipe=Path("talk.nepi"), **given))


def fine(errand: Errand, **more: Any) -> Row:
    """The row of a run that went well."""
    metrics = more.get("metrics", {"n.rtt": 0.04 + errand.repetition / 1000})
    return {
        "key": errand.key, "parameters": dict(errand.parameters), "verdict": "ok", "reason": "",
        "status": 0, "metrics": metrics, "expected": list(metrics),
        "lasted": 2.0, "doubts": [], "jobs": errand.jobs, **errand.more, **more,
    }  # fmt: skip


class InProcess:
    """An engine that has done everything as soon as it is asked for.

    An answer of None: somebody types Ctrl-C while that runs.
    """

    jobs = 1

    def __init__(self, said: Said, answer: Answer, slots: int = 2) -> None:
        self.said, self.answer, self.slots = said, answer, slots
        self.asked: list[Errand] = []
        self.running: list[Errand] = []
        self.stops: list[bool] = []

    def submit(self, errand: Errand, folder: Path) -> None:
        self.asked.append(errand)
        answer = self.answer(errand)
        if answer is None:
            self.running.append(errand)
            # one Ctrl-C, however many run
            if len(self.running) > 1:
                return
        self.said.put(answer)

    def stop(self, *, now: bool = False) -> None:
        self.stops.append(now)
        for errand in self.running:
            self.said.put(fine(errand, verdict="lost", status=143))

    def close(self) -> None:
        """Nothing was begun."""


class Log:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ends: list[str] = []
        self.there = 0

    def begins(self, states: dict[str, str], runs: Iterator[Planned], slots: int) -> None:
        self.there = sum(state not in ("todo", "leased") for state in states.values())

    def planned(self, run: Planned) -> None:
        self.lines.append(f"planned {run.point} #{run.repetition}")

    def started(self, run: Planned) -> None:
        """Seen when it ends."""

    def recalled(self, run: Planned, row: Row) -> None:
        self.lines.append(f"recalled {run.point} #{run.repetition}")

    def ended(self, run: Planned, row: Row, end: str) -> None:
        self.ends.append(end)

    def say(self, text: str) -> None:
        self.lines.append(text)


class Conducted:
    """What one go at a campaign did."""

    def __init__(self, definition: Definition, answer: Answer, folder: Path) -> None:
        self.manifest = open_for(definition, folder)
        self.manifest.define(definition)
        self.log = Log()
        said: Said = SimpleQueue()
        self.engine = InProcess(said, answer)
        with self.manifest.hold():
            conductor = Conductor(self.manifest, definition, self.engine, said, self.log)
            self.outcome: Outcome = conductor.conduct()


@pytest.fixture
def conduct(home: Path) -> Callable[..., Conducted]:
    """Have a campaign done, by default all goes well."""

    def go(definition: Definition, answer: Answer = fine) -> Conducted:
        return Conducted(definition, answer, home / "campaigns" / definition.name)

    return go


@pytest.fixture
def manifest(home: Path) -> Manifest:
    """A campaign that nobody has worked on."""
    definition = define()
    found = open_for(definition, home / "campaigns" / "talk")
    found.define(definition)
    return found
