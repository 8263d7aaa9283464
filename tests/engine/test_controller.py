"""What a user calls: the run's identity, and its end."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from nepishell import (
    BadValue,
    ECState,
    ExperimentController,
    FailureLevel,
    NepishellError,
    ResourceState,
    WrongState,
)
from nepishell.testing import advance, calls, register_types, virtual

STARTED, FAILED, RELEASED = ResourceState.STARTED, ResourceState.FAILED, ResourceState.RELEASED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def script(text: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    code = "from nepishell import *\nfrom nepishell.testing import *\n" + dedent(text)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# -- who it is -----------------------------------------------------------------------------------


def test_a_run_has_names_and_places_and_makes_none_of_them(tmp_path: Path) -> None:
    with virtual("demo", local_dir=tmp_path) as ec:
        assert (ec.exp_id, ec.exp_dir) == ("demo", tmp_path / "demo")
        assert ec.run_dir == tmp_path / "demo" / ec.run_id
        assert (len(ec.run_id), ec.run_id.isdigit()) == (20, True)
        (guid,) = add(ec)
        assert ec.trace_dir(guid) == ec.run_dir / "traces" / "1"
        ec.set_label(guid, "web")
        assert ec.trace_dir(guid) == ec.run_dir / "traces" / "web"
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_folder_is_refused() -> None:
    with pytest.raises(BadValue, match="is not an experiment id"):
        ExperimentController("../etc")


def test_workers_are_counted_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPI_NTHREADS", "7")
    with ExperimentController() as ec:
        assert ec.nthreads == 7
    monkeypatch.setenv("NEPI_NTHREADS", "many")
    with pytest.raises(BadValue, match="NEPI_NTHREADS is 'many'"):
        ExperimentController()


# -- the end -------------------------------------------------------------------------------------


def test_right_after_construction_it_can_be_shut_down() -> None:
    ExperimentController().shutdown()


def test_shutting_down_twice_is_shutting_down_once() -> None:
    ec = virtual()
    ec.deploy(add(ec))
    ec.shutdown()
    ec.shutdown()

    assert ec.ecstate is ECState.TERMINATED


def test_a_shutdown_after_a_failure_releases_everything() -> None:
    ec = virtual()
    (bad,), good = add(ec, fail_in="do_start"), add(ec, 3)
    seen = calls(ec)
    ec.deploy()
    ec.wait_started([bad, *good])
    assert ec.failure_level is FailureLevel.RM_FAILURE
    ec.shutdown()

    assert {ec.state(guid) for guid in [bad, *good]} == {RELEASED}
    assert all("do_release" in seen.of(guid) for guid in [bad, *good])


def test_a_shutdown_after_a_failure_of_the_controller_releases_everything() -> None:
    ec = virtual()
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid)
    ec.fm.set_ec_failure()
    ec.shutdown()

    assert ec.state(guid) is RELEASED


def test_leaving_the_context_shuts_down_also_when_it_raises() -> None:
    ec = virtual()
    (guid,) = add(ec)
    ec.deploy()

    def run() -> None:
        with ec:
            ec.wait_started(guid)
            raise KeyError("of the script's own")

    with pytest.raises(KeyError):
        run()
    assert (ec.ecstate, ec.state(guid)) == (ECState.TERMINATED, RELEASED)


def test_a_hook_cannot_shut_down(ec: ExperimentController) -> None:
    guid, (other,) = ec.register_resource("test::Scripted"), add(ec)
    ec._rm(guid).script["do_start"] = lambda rm: ec.shutdown()  # type: ignore[attr-defined]
    ec.deploy()
    ec.wait(guid, "FAILED", timeout="1h")
    advance(ec)

    assert ec.failure(guid) == "a hook cannot wait for a resource: it would hold its worker"
    assert ec.state(other) is not RELEASED


def test_no_thread_survives_a_hundred_runs() -> None:
    before = threading.active_count()
    for _ in range(100):
        with virtual() as ec:
            guids = add(ec, 3)
            ec.deploy()
            assert ec.wait_started(guids)
    assert threading.active_count() == before


def test_after_the_end_nothing_is_deployed() -> None:
    ec = virtual()
    ec.shutdown()

    with pytest.raises(WrongState, match="the run is over"):
        ec.deploy()
    assert ec.ecstate is ECState.TERMINATED


def test_two_controllers_of_one_process_are_independent() -> None:
    with virtual() as one, virtual() as two:
        (bad,), (good,) = add(one, fail_in="do_start"), add(two)
        one.deploy()
        one.wait_started(bad)
        two.deploy()
        assert two.wait_started(good)
        advance(one, 60)

        assert (one.abort, two.abort) == (True, False)
        assert (one.clock.now(), two.clock.now()) == (60.0, 0.0)
        one.shutdown()
        assert two.state(good) is STARTED


# -- interrupted ---------------------------------------------------------------------------------


def press_ctrl_c() -> None:
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, signal.SIGINT)


def test_ctrl_c_while_waiting_leaves_the_experiment_running() -> None:
    register_types()
    with ExperimentController() as ec:
        (guid,) = add(ec)
        ec.deploy()
        ec.wait_started(guid)
        ec.schedule("50ms", press_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            ec.wait_finished(guid, timeout="1h")

        assert ec.state(guid) is STARTED
        assert (ec._life._waits, ec._scheduler.waiters) == ({}, 0)
        ec.schedule("10ms", lambda: ec.stop(guid))
        assert ec.wait_finished(guid)


def test_an_interrupted_shutdown_goes_on_when_it_is_called_again() -> None:
    register_types()
    ec = ExperimentController()
    guid, (other,) = ec.register_resource("test::Scripted"), add(ec)
    go_on = threading.Event()

    def slow(rm: object) -> object:
        press_ctrl_c()
        go_on.wait(20)
        return ec._rm(guid).base("do_release")  # type: ignore[attr-defined]

    ec._rm(guid).script["do_release"] = slow  # type: ignore[attr-defined]
    ec.deploy()
    ec.wait_started([guid, other])
    with pytest.raises(KeyboardInterrupt):
        ec.shutdown()
    go_on.set()
    ec.shutdown()

    assert (ec.ecstate, ec.state(guid), ec.state(other)) == (
        ECState.TERMINATED,
        RELEASED,
        RELEASED,
    )


def test_a_script_that_forgets_the_shutdown_exits_and_releases(tmp_path: Path) -> None:
    done = script(
        """
        class Loud(Recorder):
            rtype = "test::Loud"
            def do_release(self):
                print("released", flush=True)
                super().do_release()
        ResourceFactory.register_type(Loud)
        ec = ExperimentController("demo", ".")
        guid = ec.register_resource("test::Loud")
        ec.deploy()
        assert ec.wait_started(guid)
        ec.schedule("1h", print)
        """,
        tmp_path,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("released\n", "", 0)
    assert list(tmp_path.iterdir()) == []


def test_a_script_that_raises_exits_with_its_error(tmp_path: Path) -> None:
    done = script(
        """
        register_types()
        ec = ExperimentController()
        ec.deploy(ec.register_resource("test::Recorder"))
        raise RuntimeError("of the script's own")
        """,
        tmp_path,
    )

    assert done.returncode == 1
    assert "of the script's own" in done.stderr


# -- what is shared ------------------------------------------------------------------------------


class Thing:
    def __init__(self, name: str, book: list[str], *, fails: bool = False) -> None:
        self._name, self._book, self._fails = name, book, fails

    def close(self) -> None:
        self._book.append(self._name)
        if self._fails:
            raise ValueError("as it was told")


def test_what_is_shared_is_made_once_and_closed_after_all_is_released() -> None:
    ec = virtual()
    (guid,) = add(ec)
    book: list[str] = []

    class Witness(Thing):
        def close(self) -> None:
            book.append(ec.state(guid, hr=True))

    one = ec.shared("lab", lambda: Witness("lab", book))
    assert ec.shared("lab", lambda: Witness("another", book)) is one
    ec.deploy()
    ec.wait_started(guid)
    ec.shutdown()

    assert book == ["RELEASED"]


def test_what_was_made_last_is_closed_first_and_one_that_fails_stops_nobody() -> None:
    book: list[str] = []
    with virtual() as ec:
        for name in ("one", "two", "three"):
            ec.shared(name, lambda name=name: Thing(name, book, fails=name == "two"))

    assert book == ["three", "two", "one"]


def test_nothing_is_shared_after_the_end() -> None:
    ec = virtual()
    ec.shutdown()

    with pytest.raises(NepishellError, match="the run is over"):
        ec.shared("lab", lambda: Thing("lab", []))
