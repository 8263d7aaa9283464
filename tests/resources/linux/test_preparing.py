"""Steps that follow each other, on a resource of the test's own."""

import pytest

from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.fake import Outcome
from nepishell.resources.linux.application import Application
from nepishell.resources.linux.preparing import Step, folder_of


class Steps(Application):
    """Notes its steps; the long one is a process."""

    rtype = "test::Steps"

    def __init__(self, ec, guid):
        super().__init__(ec, guid)
        self.done: list[str] = []

    def called(self, name, status):
        return name

    def needed_steps(self):
        yield Step(lambda: self._note("first"), in_turn=True)
        yield Step(lambda: self.run_step("long", ["make"]), in_turn=False)
        yield Step(lambda: self._note("last"), in_turn=True)

    def _note(self, name: str) -> None:
        self.done.append(name)
        self.step_done()


@pytest.fixture
def steps(fake):
    ResourceFactory.register_type(Steps)
    fake.add("test::Steps", "app", "n", command="true")
    return fake


def test_a_long_step_is_waited_for_and_then_comes_the_next(steps):
    host = steps.rm("n").host
    app = steps.ec.find("app")
    host._spawn_script = lambda argv: Outcome(code=0)
    steps.ec.deploy(app)
    steps.finished("app")
    assert steps.rm("app").done == ["first", "last"]
    assert [asked.argv[-1] for asked in host.asked] == ["make", "true"]


def test_a_long_step_that_fails_is_the_reason(steps):
    steps.rm("n").host._spawn_script = lambda argv: Outcome(code=2)
    app = steps.ec.find("app")
    steps.ec.deploy(app)
    assert not steps.ec.wait_started(app, timeout=20)
    assert steps.ec.failure(app) == "long failed on n with status 2; see trace 'long'"
    assert steps.rm("app").done == ["first"]


def test_two_on_one_machine_take_turns(steps):
    ResourceFactory.register_type(Steps)
    other = steps.add("test::Steps", "other", "n", command="true")
    host = steps.rm("n").host
    host._spawn_script = lambda argv: Outcome(code=0)
    steps.ec.deploy([steps.ec.find("app"), other])
    steps.finished("app")
    steps.finished("other")
    assert steps.rm("other").done == ["first", "last"]


def test_a_release_ends_the_long_step_and_comes_after_it(steps):
    host = steps.rm("n").host
    app = steps.ec.find("app")
    steps.ec.deploy(app)
    assert steps.ec.release(app)
    assert host.running == []
    assert steps.rm("app").done in ([], ["first"])


def test_a_step_writes_into_a_folder_that_is_not_a_trace_of_the_program():
    assert folder_of("deploy") == ".deploy"
