"""Random runs on a lab, killed anywhere: they come to what they would have come to undisturbed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nepishell.journal.comparing import Difference, compare
from nepishell.journal.runs import Fate, Run, runs
from nepishell.journal.world import Past, World, before_release
from tests.commands.test_resuming import LINES, kill_at, leftovers, lines_left, nepishell

pytestmark = pytest.mark.lab

#: More of them by NEPISHELL_FUZZ, as of all that is random.
RUNS = max(4, int(os.environ.get("NEPISHELL_FUZZ", "0")) // 50)
#: More records than any of these runs writes: killed when all is done.
NEVER = 10_000


@dataclass(frozen=True)
class Plan:
    """What is played, and which programs there are."""

    lines: list[str]
    programs: list[str]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Hosts in a chain, and programs on them, some of which wait for others or fail."""
    nodes = draw(st.integers(1, 4))
    lines = [f"add netns::Node h[1-{nodes}]" if nodes > 1 else "add netns::Node h1"]
    for number in range(1, nodes):
        lines.append(
            f"add netns::Link wire{number} delay={draw(st.integers(0, 3))}ms best_effort=true"
        )
        lines.append(f"connect h{number} wire{number} h{number + 1}")
    programs: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        host, status = draw(st.integers(1, nodes)), draw(st.sampled_from([0, 0, 0, 3]))
        name = f"p{number}"
        lines.append(
            f"add linux::Application {name} on h{host} critical=no "
            f"command='sh -c \"echo {name} on h{host}; exit {status}\"'"
        )
        if programs and draw(st.booleans()):
            first, delay = draw(st.sampled_from(programs)), draw(st.sampled_from(["", "+20ms "]))
            lines.append(f"when {first} STOPPED {delay}start {name}")
        programs.append(name)
    return Plan([*lines, "deploy"], programs)


@contextmanager
def state_home() -> Iterator[Path]:
    """A state directory of its own."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", folder)
        yield Path(folder) / "nepishell"


@dataclass(frozen=True)
class Outcome:
    """What a run came to: its graph, conditions, states and values; what its programs left."""

    world: World
    traces: dict[str, str]

    def differences(self, other: "Outcome") -> list[Difference]:
        found = compare(self.world, other.world, _name)
        # what a link came to is measured, and never the same twice; a busy machine misses a delay
        return [one for one in found if not one.what.startswith(("measured", "suspect"))]


def _name(past: Past) -> str:
    return past.name


def played(plan: Plan, limit: int) -> Outcome:
    """Play, be killed after *limit* records, and go on to the end; nothing is left behind."""
    with state_home() as home:
        kill_at(limit, plan.lines, " ".join(plan.programs))
        waits = [f"wait {name} STOPPED" for name in plan.programs]
        after = [*lines_left(home, plan.lines), *waits, "release"]
        done = nepishell("resume", "--yes", "--keep-going", "-c", "\n".join(after))
        (run,) = runs(home)
        assert run.fate is Fate.ENDED, done.stderr
        assert leftovers(home) == []
        return Outcome(before_release(run.events()), traces(run))


def traces(run: Run) -> dict[str, str]:
    """What each program wrote, and its exit status."""
    found = run.path.glob("traces/*/*")
    return {str(path.relative_to(run.path)): path.read_text() for path in found if path.is_file()}


def assert_same(plan: Plan, limit: int) -> None:
    undisturbed, disturbed = played(plan, NEVER), played(plan, limit)
    assert undisturbed.differences(disturbed) == []
    assert undisturbed.traces == disturbed.traces
    assert any("exitcode" in name for name in disturbed.traces)


FIXED = Plan(LINES, ["first", "second"])


@settings(
    max_examples=RUNS, deadline=None, derandomize=RUNS == 4,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(plans(), st.integers(2, 60))
@example(FIXED, 5)
@example(FIXED, 17)
@example(FIXED, 31)
def test_a_run_killed_anywhere_comes_to_what_it_would_have_come_to(plan: Plan, limit: int) -> None:
    assert_same(plan, limit)
