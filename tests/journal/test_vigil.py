"""Watching how the machine keeps up."""

from pathlib import Path

import pytest

from nepishell.core.events import Suspected
from nepishell.engine.clock import VirtualClock
from nepishell.engine.fidelity import Fidelity
from nepishell.journal.vigil import WINDOW_S, Vigil, stalled


class Machine:
    """A /proc/pressure that we write, and a vigil over it whose beats we make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[Suspected] = []
        self.clock = VirtualClock()
        self.fidelity = Fidelity(self.clock, self.told.append)
        self.stands(0.0)
        self.vigil = Vigil(self.fidelity, folder)
        self.vigil.close()

    def stands(self, stalled_s: float) -> None:
        for kind in ("cpu", "memory", "io"):
            line = f"avg10=0.00 avg60=0.00 avg300=0.00 total={round(stalled_s * 1e6)}"
            (self.folder / kind).write_text(f"some {line}\nfull {line}\n")

    def goes_on(self, seconds: int, share: float) -> None:
        """One beat each second, with this share of it stalled."""
        for _ in range(seconds):
            now = self.clock.now() + 1.0
            self.clock.jump(now)
            self.stands(now * share)
            self.vigil.woke(now, 0.0)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_pressure_that_lasts_is_doubted_for_as_long_as_it_lasted(machine: Machine) -> None:
    machine.goes_on(WINDOW_S + 3, 0.97)
    kinds = {doubt.kind: doubt for doubt in machine.fidelity.doubts}
    assert set(kinds) == {"cpu", "memory", "io"}
    assert kinds["cpu"].until - kinds["cpu"].since == WINDOW_S + 2


def test_pressure_that_is_over_soon_is_how_machines_work(machine: Machine) -> None:
    machine.goes_on(WINDOW_S - 1, 1.0)
    assert machine.fidelity.doubts == ()


def test_little_pressure_is_believed(machine: Machine) -> None:
    machine.goes_on(20, 0.05)
    assert machine.told == []


def test_a_late_awakening_is_a_doubt(machine: Machine) -> None:
    machine.vigil.woke(1.0, 2.5)
    (doubt,) = machine.fidelity.doubts
    assert doubt.text == "the controller was up to 2.5s late"


def test_a_kernel_that_does_not_count_is_no_error(tmp_path: Path) -> None:
    assert stalled(tmp_path / "none") == {}
    (tmp_path / "cpu").write_text("nonsense\n")
    assert stalled(tmp_path) == {}


def test_its_thread_ends(tmp_path: Path) -> None:
    vigil = Vigil(Fidelity(VirtualClock(), lambda event: None), tmp_path)
    vigil.close()
    vigil.close()
    assert not vigil._thread.is_alive()
