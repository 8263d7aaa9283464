from nepishell.campaigns.definition import Stop
from nepishell.campaigns.manifest import Planned
from nepishell.campaigns.stopping import Samples, is_enough

STOP = Stop(metric="m", within=0.05, least=3, most=10)


def run(repetition: int, point: int = 0) -> Planned:
    return Planned(key=f"{point}-{repetition}", parameters={}, repetition=repetition, point=point)


def row(value: float | None) -> dict[str, object]:
    return {"metrics": {} if value is None else {"m": value}}


def wanted(samples: Samples) -> list[int]:
    return [run.repetition for run in samples.wanted()]


def test_numbers_that_agree_are_enough() -> None:
    assert is_enough(STOP, [10.0, 10.1, 10.0], 3)


def test_numbers_that_differ_are_not() -> None:
    assert not is_enough(STOP, [10.0, 12.0, 9.0], 3)


def test_the_interval_is_that_of_student_and_not_twice_the_error() -> None:
    # twice the standard error is 4.7 % of the mean here, and Student's half width 10.2 %
    assert not is_enough(STOP, [9.6, 10.0, 10.4], 3)


def test_fewer_than_the_least_are_never_enough_and_the_most_always() -> None:
    assert not is_enough(STOP, [10.0, 10.0], 2)
    assert is_enough(STOP, [1.0, 100.0], 10)


def test_runs_without_the_number_count_towards_the_most() -> None:
    assert not is_enough(STOP, [], 9)
    assert is_enough(STOP, [], 10)


def test_a_point_is_asked_when_all_its_runs_are_in() -> None:
    samples = Samples(STOP)
    for repetition in (1, 2, 3):
        samples.expect(run(repetition))
    samples.add(run(1), row(10.0))
    samples.add(run(3), row(14.0))
    before = wanted(samples)
    samples.add(run(2), row(6.0))

    assert (before, wanted(samples)) == ([], [3])


def test_points_are_judged_apart() -> None:
    samples = Samples(STOP)
    for point, spread in ((0, 0.0), (1, 5.0)):
        for repetition in (1, 2, 3):
            samples.expect(run(repetition, point))
            samples.add(run(repetition, point), row(10 + repetition * spread))

    assert [run.point for run in samples.wanted()] == [1]
    assert list(samples.wanted(0)) == []


def test_without_a_rule_nothing_more_is_wanted() -> None:
    samples = Samples(None)
    samples.expect(run(1))
    samples.add(run(1), row(None))

    assert wanted(samples) == []
