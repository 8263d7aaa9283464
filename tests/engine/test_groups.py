"""Deployment groups: their members start together."""

from threading import Thread

import pytest

from nepishell import BadValue, ExperimentController, ResourceState, WrongState
from nepishell.testing import advance, calls

STARTED = ResourceState.STARTED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def test_groups_count_from_one(ec: ExperimentController) -> None:
    assert [ec.deploy(guid) for guid in add(ec, 3)] == [1, 2, 3]


def test_who_joins_a_group_that_has_started_starts_when_he_is_ready(
    ec: ExperimentController,
) -> None:
    early = add(ec, 2)
    group = ec.deploy(early)
    ec.wait_started(early)
    advance(ec, 60)
    late = add(ec)

    assert ec.deploy(late, group=group) == group
    assert ec.wait_started(late)
    assert ec._rm(late[0]).deployment_group == group


def test_who_joins_before_it_has_started_is_waited_for(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(one, "deploy", one, "NEW", "10s")
    ec.register_condition(two, "deploy", two, "NEW", "30s")
    group = ec.deploy(one)
    ec.deploy(two, group=group)
    ec.wait_started([one, two])

    assert {call.at for call in calls(ec) if call.hook == "do_start"} == {30.0}


def test_a_hook_may_deploy_a_helper_into_its_own_group(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Scripted")
    helpers: list[int] = []

    def deploy(rm: object) -> object:
        helpers.extend(add(ec))
        ec.deploy(helpers, group=ec._rm(one).deployment_group)
        return ec._rm(one).base("do_deploy")  # type: ignore[attr-defined]

    ec._rm(one).script["do_deploy"] = deploy  # type: ignore[attr-defined]
    ec.deploy(one)
    ec.wait_started(one)

    assert ec.wait_started(helpers)
    assert ec._rm(helpers[0]).deployment_group == ec._rm(one).deployment_group


def test_a_group_may_be_given_a_number(ec: ExperimentController) -> None:
    one, two = add(ec, 2)

    assert ec.deploy(one, group=7) == 7
    assert ec.deploy(two) == 8


@pytest.mark.parametrize("group", ["web", 1.5, True])
def test_what_is_no_group_is_refused(ec: ExperimentController, group: object) -> None:
    add(ec)

    with pytest.raises(BadValue, match="is not a group"):
        ec.deploy(1, group=group)  # type: ignore[arg-type]
    assert ec._rm(1).deployment_group is None


def test_nobody_is_in_two_deployments_when_two_threads_deploy(ec: ExperimentController) -> None:
    for _ in range(20):
        guids = add(ec, 5)
        outcomes: list[str] = []

        def deploy(guids: list[int] = guids, outcomes: list[str] = outcomes) -> None:
            try:
                ec.deploy(guids)
                outcomes.append("deployed")
            except WrongState:
                outcomes.append("refused")

        threads = [Thread(target=deploy) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ec.wait_started(guids)
        assert sorted(outcomes) == ["deployed", "refused"]
        assert all(calls(ec).of(guid).count("do_deploy") == 1 for guid in guids)


def test_a_group_does_not_keep_what_was_removed(ec: ExperimentController) -> None:
    guids = add(ec, 6)
    group = ec._groups[ec.deploy(guids)]
    ec.wait_started(guids)
    ec.release(guids)
    for guid in guids[:-1]:
        ec.remove_resource(guid)

    assert group.members == guids[-1:]

    ec.remove_resource(guids[-1])

    assert group.members == []
