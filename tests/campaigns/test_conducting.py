"""A campaign with an engine in this process: what is on disk afterwards, and after another go."""

from collections.abc import Callable

from nepishell.campaigns.axes import Axes
from nepishell.campaigns.carrying import Errand, Row
from nepishell.campaigns.definition import Stop
from nepishell.campaigns.engines import Gone
from nepishell.campaigns.manifest import DONE, FAILED, LOST, TODO
from tests.campaigns.conftest import Conducted, define, fine

Conduct = Callable[..., Conducted]


def test_every_run_has_a_row_in_the_end(conduct: Conduct) -> None:
    done = conduct(define())

    assert done.outcome.counts == {DONE: 4}
    assert sorted(
        (row["parameters"]["word"], row["metrics"]["n.rtt"])
        for row in map(done.manifest.row, done.manifest.all_keys())
        if row is not None
    ) == [("a", 0.041), ("a", 0.042), ("b", 0.041), ("b", 0.042)]


def test_the_order_is_shuffled_and_the_same_each_time(conduct: Conduct) -> None:
    axes = Axes(product={"word": tuple("abcdefgh")})
    first = [e.parameters["word"] for e in conduct(define(axes=axes, name="x")).engine.asked]
    again = [e.parameters["word"] for e in conduct(define(axes=axes, name="y")).engine.asked]
    given = conduct(define(axes=axes, name="z", order="given")).engine.asked

    assert first == again
    assert first != sorted(first)
    assert [e.parameters["word"] for e in given] == sorted(first)


def test_every_run_has_another_seed(conduct: Conduct) -> None:
    assert len({errand.seed for errand in conduct(define()).engine.asked}) == 4


def test_what_is_there_is_not_done_again(conduct: Conduct) -> None:
    conduct(define())
    again = conduct(define())

    assert (again.engine.asked, again.log.there) == ([], 4)


def test_repetitions_and_values_may_be_added(conduct: Conduct) -> None:
    conduct(define())
    more = conduct(define(repeat=3, axes=Axes(product={"word": ("a", "b", "c")})))

    assert len(more.engine.asked) == 5
    assert more.outcome.counts == {DONE: 9}


def test_a_failed_experiment_is_a_result(conduct: Conduct) -> None:
    done = conduct(define(), lambda errand: fine(errand, verdict="failed", status=1))

    assert done.outcome.counts == {FAILED: 4}
    assert (len(done.engine.asked), done.outcome.missing) == (4, 0)


def test_a_run_whose_process_is_lost_is_begun_again(conduct: Conduct) -> None:
    lost: set[str] = set()

    def once(errand: Errand) -> Row:
        if errand.key in lost:
            return fine(errand)
        lost.add(errand.key)
        return fine(errand, verdict="lost", status=-9)

    done = conduct(define(), once)

    assert done.outcome.counts == {DONE: 4}
    assert sorted(done.log.ends) == ["", "", "", "", DONE, DONE, DONE, DONE]
    assert {row["tries"] for row in map(done.manifest.row, done.manifest.all_keys()) if row} == {2}


def test_a_run_that_is_always_lost_is_given_up(conduct: Conduct) -> None:
    done = conduct(define(tries=2), lambda errand: fine(errand, verdict="lost", reason="killed"))

    assert done.outcome.counts == {LOST: 4}
    assert (len(done.engine.asked), done.outcome.missing) == (8, 4)


def test_a_point_is_repeated_until_its_interval_is_narrow(conduct: Conduct) -> None:
    values = {"a": [10.0, 10.1, 10.0], "b": [10.0, 14.0, 10.0, 14.0, 12.0]}

    def measure(errand: Errand) -> Row:
        seen = values[errand.parameters["word"]]
        value = seen[min(errand.repetition, len(seen)) - 1]
        return fine(errand, metrics={"m": value})

    stop = Stop(metric="m", within=0.05, least=3, most=6)
    done = conduct(define(stop=stop), measure)

    runs = done.manifest.runs()
    assert [run.repetition for run in runs if run.parameters["word"] == "a"] == [1, 2, 3]
    assert [run.repetition for run in runs if run.parameters["word"] == "b"] == [1, 2, 3, 4, 5, 6]


def test_when_to_stop_is_known_again_from_what_is_on_disk(conduct: Conduct) -> None:
    def measure(errand: Errand) -> Row:
        return fine(errand, metrics={"m": 10.0 + 5 * (errand.repetition % 2)})

    conduct(define(stop=Stop(metric="m", within=0.05, least=3, most=3)), measure)
    more = conduct(define(stop=Stop(metric="m", within=0.05, least=3, most=5)), measure)

    assert sorted(errand.repetition for errand in more.engine.asked) == [4, 4, 5, 5]


def test_stopping_leaves_what_was_not_done_for_another_time(conduct: Conduct) -> None:
    stopped = conduct(define(), lambda errand: None)

    assert stopped.outcome.is_stopped
    assert stopped.outcome.counts == {TODO: 4}
    assert stopped.engine.stops == [False]
    assert len(stopped.engine.asked) == 2
    assert conduct(define()).outcome.counts == {DONE: 4}


def test_what_ends_well_while_it_is_stopped_is_a_result(conduct: Conduct) -> None:
    answers: list[Row | None] = []

    def one_is_quick(errand: Errand) -> Row | None:
        answers.append(fine(errand) if answers else None)
        return answers[-1]

    assert conduct(define(), one_is_quick).outcome.counts == {DONE: 1, TODO: 3}


def test_an_engine_that_is_lost_loses_nothing(conduct: Conduct) -> None:
    broken = conduct(define(), lambda errand: Gone("the cluster is gone"))

    assert (broken.outcome.problem, broken.outcome.counts) == ("the cluster is gone", {TODO: 4})
    assert conduct(define()).outcome.counts == {DONE: 4}
