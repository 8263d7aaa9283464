"""What a failure means for the run."""

from nepishell import ECState, ExperimentController, FailureLevel, FailureManager, ResourceState
from nepishell.testing import virtual

FAILED = ResourceState.FAILED


def failing(ec: ExperimentController, *, critical: bool) -> int:
    guid = ec.register_resource("test::Recorder", fail_in="do_start", critical=critical)
    ec.deploy(guid)
    ec.wait_started(guid)
    return guid


def test_all_is_well_at_the_beginning(ec: ExperimentController) -> None:
    assert (ec.abort, ec.failure_level, ec.ecstate) == (False, FailureLevel.OK, ECState.RUNNING)


def test_a_critical_failure_aborts(ec: ExperimentController) -> None:
    guid = failing(ec, critical=True)

    assert ec.state(guid) is FAILED
    assert (ec.abort, ec.failure_level) == (True, FailureLevel.RM_FAILURE)


def test_another_failure_does_not(ec: ExperimentController) -> None:
    guid = failing(ec, critical=False)

    assert ec.state(guid) is FAILED
    assert (ec.abort, ec.failure_level) == (False, FailureLevel.OK)


def test_informing_of_what_did_not_fail_changes_nothing(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder")
    ec.inform_failure(guid)
    ec.inform_failure(99)

    assert not ec.abort


def test_the_failure_of_the_controller_is_worse(ec: ExperimentController) -> None:
    ec.fm.set_ec_failure()

    assert (ec.failure_level, ec.ecstate) == (FailureLevel.EC_FAILURE, ECState.FAILED)


def test_a_failure_manager_of_ones_own_judges() -> None:
    class Lenient(FailureManager):
        def __init__(self) -> None:
            super().__init__()
            self.judged: list[int] = []

        def eval_failure(self, guid: int) -> None:
            self.judged.append(guid)

    mine = Lenient()
    with virtual(fm=mine) as ec:
        guid = failing(ec, critical=True)

        assert ec.fm is mine
        assert (mine.judged, ec.abort) == ([guid], False)


def test_recovering_from_the_failure_of_a_resource_ends_the_abort(
    ec: ExperimentController,
) -> None:
    failing(ec, critical=True)
    ec.fm.recover()

    assert (ec.abort, ec.failure_level) == (False, FailureLevel.OK)


def test_there_is_no_recovery_from_the_failure_of_the_controller(
    ec: ExperimentController,
) -> None:
    ec.fm.set_ec_failure()
    ec.fm.recover()

    assert ec.failure_level is FailureLevel.EC_FAILURE
