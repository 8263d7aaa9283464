"""Describing an experiment: what is refused changes nothing."""

from collections.abc import Callable
from threading import Thread

import pytest

from nepishell import (
    BadValue,
    ExperimentController,
    NepishellError,
    ResourceState,
    UnknownName,
    WrongState,
)
from nepishell.core.events import Labelled, ResourceAdded, ResourceRemoved
from nepishell.testing import EventLog, calls, virtual

STARTED = ResourceState.STARTED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


# -- registering ---------------------------------------------------------------------------------


def test_guids_count_from_one(ec: ExperimentController) -> None:
    assert add(ec, 3) == ec.resources == [1, 2, 3]


def test_a_guid_may_be_given_and_later_ones_are_larger(ec: ExperimentController) -> None:
    assert ec.register_resource("test::Recorder", 10) == 10
    assert add(ec) == [11]


@pytest.mark.parametrize(
    ("args", "attributes", "error"),
    [
        (("test::Nothing",), {}, UnknownName),
        (("test::Recorder",), {"wrod": "x"}, UnknownName),
        (("test::Recorder",), {"word": 5}, BadValue),
        (("test::Recorder",), {"fail_in": "do_nothing"}, BadValue),
        (("test::Recorder",), {"run_for": "soon"}, BadValue),
        (("test::Recorder", 1), {}, BadValue),
        (("test::Recorder", 0), {}, BadValue),
        (("test::Recorder", "web"), {}, BadValue),
        (("test::Recorder", True), {}, BadValue),
        (("test::Recorder",), {"label": "web"}, BadValue),
        (("test::Recorder",), {"label": "1web"}, BadValue),
        (("test::App",), {"autoDeploy": True}, BadValue),
    ],
)
def test_a_wrong_registration_registers_nothing(
    ec: ExperimentController,
    args: tuple[object, ...],
    attributes: dict[str, object],
    error: type[Exception],
) -> None:
    ec.register_resource("test::Recorder", label="web")
    first = ec.get_resource(1)

    with pytest.raises(error):
        ec.register_resource(*args, **attributes)  # type: ignore[arg-type]
    assert ec.resources == [1]
    assert ec.get_resource(1) is first


def test_a_refused_registration_uses_up_no_guid(ec: ExperimentController) -> None:
    with pytest.raises(UnknownName):
        ec.register_resource("test::Recorder", wrod="x")

    assert add(ec) == [1]


def test_many_threads_get_different_guids() -> None:
    with virtual() as ec:
        threads = [Thread(target=add, args=(ec, 50)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert ec.resources == sorted(ec.resources)
        assert len(ec.resources) == 300
        assert all(ec._rm(guid).guid == guid for guid in ec.resources)


def test_auto_deploy_deploys(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder", autoDeploy=True)

    assert ec.wait_started(guid)


def test_registering_is_told(ec: ExperimentController, log: EventLog) -> None:
    guid = ec.register_resource("test::Recorder", label="web")
    ec.remove_resource(guid)

    assert log.of(ResourceAdded) == [(0.0, 1, "test::Recorder")]
    assert log.of(Labelled) == [(0.0, 1, "web"), (0.0, 1, "")]
    assert log.of(ResourceRemoved) == [(0.0, 1)]


# -- removing ------------------------------------------------------------------------------------


def test_peers_forget_what_is_removed(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_connection(one, two)
    ec.remove_resource(one)

    assert ec.resources == [two]
    assert ec.connections(two) == []
    assert ec.get_resource(one) is None


def test_what_is_deployed_cannot_be_removed(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)

    with pytest.raises(WrongState, match="is STARTED; release it first"):
        ec.remove_resource(one)
    ec.release(one)
    ec.remove_resource(one)
    assert ec.resources == []


def test_what_somebody_waits_for_cannot_be_removed(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, "start", one, "STARTED")

    with pytest.raises(WrongState, match="recorder2 waits for recorder1"):
        ec.remove_resource(one)
    ec.unregister_condition(two)
    ec.remove_resource(one)
    assert ec.resources == [two]


# -- labels --------------------------------------------------------------------------------------


def test_a_label_finds_its_resource(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.set_label(one, "web")

    assert (ec.find("web"), ec.label(one), ec.label(two)) == (one, "web", "")
    with pytest.raises(UnknownName, match="no resource 'wep'; did you mean 'web'"):
        ec.find("wep")


def test_a_label_moves_only_when_it_is_given_up(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.set_label(one, "web")
    with pytest.raises(BadValue, match="label 'web' is taken by resource 1"):
        ec.set_label(two, "web")
    ec.set_label(one, "")
    ec.set_label(two, "web")

    assert (ec.find("web"), ec.label(one)) == (two, "")


# -- attributes ----------------------------------------------------------------------------------


def test_reads_what_was_set(ec: ExperimentController) -> None:
    (one,) = add(ec, run_for="1.5s")
    ec.set(one, "word", "hello")

    assert (ec.get(one, "run_for"), ec.get(one, "word"), ec.get(one, "critical")) == (
        1.5,
        "hello",
        True,
    )


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((99, "word", "x"), UnknownName),
        ((1, "wrod", "x"), UnknownName),
        ((1, "word", 5), BadValue),
        ((1, "critical", "banana"), BadValue),
    ],
)
def test_a_wrong_value_is_an_error_and_changes_nothing(
    ec: ExperimentController, args: tuple[int, str, object], error: type[Exception]
) -> None:
    add(ec)

    with pytest.raises(error):
        ec.set(*args)
    assert (ec.get(1, "word"), ec.get(1, "critical")) == ("", True)


def test_what_belongs_to_the_design_is_fixed_at_deployment(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)

    with pytest.raises(WrongState) as caught:
        ec.set(one, "run_for", "5s")
    assert str(caught.value) == (
        "test::Recorder.run_for is set before deployment; resource 1 (recorder1) is STARTED"
    )
    assert ec.get(one, "run_for") is None


def test_a_live_attribute_is_applied_at_once(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.set(one, "word", "before")
    ec.deploy()
    ec.wait_started(one)
    ec.set(one, "word", "during")

    assert ec.get(one, "word") == "during"
    assert [call.hook for call in calls(ec) if "word" in call.hook] == ["word=during"]


def test_a_live_value_that_is_refused_stays_as_it_was(ec: ExperimentController) -> None:
    (one,) = add(ec, word="before")
    ec.deploy()
    ec.wait_started(one)

    with pytest.raises(NepishellError, match="word cannot become refuse"):
        ec.set(one, "word", "refuse")
    assert (ec.get(one, "word"), ec.state(one)) == ("before", STARTED)
    ec.set(one, "word", "after")  # not claimed any more


def test_globals_are_those_of_one_controller(ec: ExperimentController) -> None:
    (old,) = add(ec)
    ec.set_global("test::Recorder", "word", "hello")
    (new,) = add(ec)
    with virtual() as other:
        assert other.get_global("test::Recorder", "word") == ""

    assert [ec.get(old, "word"), ec.get(new, "word")] == ["", "hello"]
    assert ec.get_global("test::Recorder", "word") == "hello"
    with pytest.raises(BadValue):
        ec.set_global("test::Recorder", "word", 5)
    with pytest.raises(UnknownName):
        ec.get_global("test::Nothing", "word")


# -- traces --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda ec: ec.enable_trace(1, "pcap"),
        lambda ec: ec.disable_trace(1, "pcap"),
        lambda ec: ec.trace_enabled(1, "pcap"),
        lambda ec: ec.trace(1, "pcap"),
        lambda ec: ec.enable_trace(99, "stdout"),
    ],
)
def test_an_unknown_trace_is_an_error(
    ec: ExperimentController, ask: Callable[[ExperimentController], object]
) -> None:
    add(ec)

    with pytest.raises(UnknownName):
        ask(ec)


def test_traces_are_switched_for_one_resource(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.enable_trace(one, "stderr")
    ec.disable_trace(one, "stdout")

    assert [(ec.trace_enabled(g, "stdout"), ec.trace_enabled(g, "stderr")) for g in (one, two)] == [
        (False, True),
        (True, False),
    ]


def test_nothing_is_registered_once_the_run_is_over() -> None:
    ec = virtual()
    ec.shutdown()

    with pytest.raises(WrongState, match="the run is over"):
        add(ec)
