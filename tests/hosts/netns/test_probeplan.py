import pytest

from nepishell.hosts.netns.model import Measured, Shape
from nepishell.hosts.netns.probeplan import (
    FULL_FRAME,
    SMALL,
    Plan,
    at_least,
    at_most,
    median,
    misses,
    plan,
    steady_pace,
)

ROOM = 16 << 20


def sending_s(shape: Shape, made: Plan) -> float:
    own = SMALL * 8 / shape.rate if shape.rate else 0.0
    train = made.train * made.size * 8 / shape.rate if shape.rate else 0.0
    return made.spaced * max(made.interval, own) + train


@pytest.mark.parametrize("rate", [0, 64e3, 1e6, 10e6, 100e6, 1e9, 10e9])
@pytest.mark.parametrize("jitter", [0, 0.01])
@pytest.mark.parametrize("loss", [0, 5])
def test_probes_take_a_quarter_of_a_second_at_most(rate: float, jitter: float, loss: float) -> None:
    shape = Shape(rate=rate, delay=jitter, jitter=jitter, loss=loss)
    assert sending_s(shape, plan(shape, ROOM)) < 0.25


@pytest.mark.parametrize("rate", [64e3, 1e6, 1e9])
def test_a_train_fits_the_queue_and_the_buffer_of_who_reads_it(rate: float) -> None:
    assert plan(Shape(rate=rate, queue=5), ROOM).train <= 5
    assert plan(Shape(rate=rate), 212_992).train <= 212_992 // 2560


def test_a_fast_rate_is_probed_with_full_frames_and_a_slow_one_with_several_small() -> None:
    assert plan(Shape(rate=1e9), ROOM).size == FULL_FRAME
    slow = plan(Shape(rate=64e3), ROOM)
    assert slow.size < 200
    assert slow.train >= 8


def test_a_token_bucket_is_emptied_before_its_rate_is_read() -> None:
    made = plan(Shape(rate=100e3), ROOM, burst=3028)
    assert made.train * made.size > 3 * 3028


def test_losses_are_counted_over_many_more_frames_than_a_delay_needs() -> None:
    assert plan(Shape(delay=0.01), ROOM).train == 0
    assert plan(Shape(loss=5), ROOM).train == 200


def train(pace: float, count: int) -> list[float]:
    return [1.0 + pace * n for n in range(count)]


def test_a_steady_train_shows_its_pace() -> None:
    assert steady_pace(train(0.001, 100)) == pytest.approx(0.001)


def test_frames_that_were_noticed_late_do_not_change_the_pace() -> None:
    arrivals = train(0.001, 100)
    arrivals[10:40] = [arrivals[40] - 1e-7] * 30
    arrivals[95:] = [arrivals[99] + 0.02] * 5
    assert steady_pace(arrivals) == pytest.approx(0.001, rel=1e-3)


def test_too_few_frames_have_no_pace() -> None:
    assert steady_pace([]) == steady_pace([1.0]) == 0.0


@pytest.mark.parametrize(("values", "middle"), [([3], 3), ([1, 2], 1.5), ([1, 2, 9], 2)])
def test_the_median_is_in_the_middle(values: list[float], middle: float) -> None:
    assert median(values) == middle


PLAN = Plan(spaced=3, interval=0.002, train=5, size=1000, longest=1.0)


def test_what_was_measured_is_without_the_probes_own_time_on_the_wire() -> None:
    shape = Shape(rate=SMALL * 8 / 0.004, delay=0.010)
    found = PLAN.measured(shape, [0.014, 0.0141, 0.0139], [], 0.0, 3)
    assert found.delay == pytest.approx(0.010)
    assert found.deviation == pytest.approx(0.0002 / 3)
    assert (found.sent, found.received) == (8, 3)


def test_packets_that_skipped_the_delay_do_not_count_for_it() -> None:
    found = PLAN.measured(Shape(delay=0.01, reorder=40), [0, 0, 0.01, 0.01, 0.01], [], 0.0, 5)
    assert found.delay == 0.01


def test_a_link_that_was_never_full_has_not_shown_its_rate() -> None:
    arrivals = train(0.001, 5)
    assert PLAN.measured(Shape(rate=8e6), [], arrivals, 0.001, 5).rate == pytest.approx(8e6)
    # offered at 4 Mbit/s, carried at 4 Mbit/s, of 8
    assert PLAN.measured(Shape(rate=8e6), [], train(0.002, 5), 0.008, 5).rate is None
    # offered at 4 Mbit/s, carried at 2
    slow = PLAN.measured(Shape(rate=8e6), [], train(0.004, 5), 0.008, 5)
    assert slow.rate == pytest.approx(2e6)


def test_nothing_that_arrived_is_nothing_measured() -> None:
    found = PLAN.measured(Shape(rate=1e6, delay=0.01), [], [], 0.0, 0)
    assert found == Measured(sent=8, received=0)


def seen(**values: float) -> Measured:
    return Measured(**{"sent": 100, "received": 100, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measured", "shape", "lines"),
    [
        (seen(delay=0.0141), Shape(delay=0.010), ["delay is 14.1ms, declared 10ms"]),
        (seen(delay=0.0109), Shape(delay=0.010), []),
        (seen(delay=0.0009), Shape(), []),
        (seen(delay=0.005), Shape(), ["delay is 5ms, declared 0ms"]),
        (seen(delay=0.108), Shape(delay=0.100), []),
        (seen(delay=0.112), Shape(delay=0.100), ["delay is 112ms, declared 100ms"]),
        (seen(delay=0.014), Shape(delay=0.010, jitter=0.005), []),
        (seen(rate=8.9e6), Shape(rate=10e6), ["rate is 8.9Mbit/s, declared 10Mbit/s"]),
        (seen(rate=10.9e6), Shape(rate=10e6), []),
        (seen(rate=None), Shape(rate=10e6), []),
        (seen(received=99), Shape(), ["loss is 1.0% (1 of 100 packets), declared 0%"]),
        (seen(received=95), Shape(loss=5), []),
        (seen(received=87), Shape(loss=5), ["loss is 13.0% (13 of 100 packets), declared 5%"]),
        (seen(received=100), Shape(loss=20), ["loss is 0.0% (0 of 100 packets), declared 20%"]),
        (seen(received=0), Shape(loss=100), []),
        (seen(received=0), Shape(up=False), []),
        (seen(received=3), Shape(up=False), ["3 of 100 packets passed, declared down"]),
        (
            seen(delay=0.5, received=0),
            Shape(),
            ["delay is 500ms, declared 0ms", "loss is 100.0% (100 of 100 packets), declared 0%"],
        ),
    ],
)
def test_each_property_that_misses_has_one_line(
    measured: Measured, shape: Shape, lines: list[str]
) -> None:
    assert misses(measured, shape, 10) == lines


def test_nothing_arrived_is_a_loss_and_no_guess_about_the_delay() -> None:
    measured = Measured(sent=11, received=0)
    assert misses(measured, Shape(delay=1), 10) == [
        "loss is 100.0% (11 of 11 packets), declared 0%"
    ]


def test_the_tails_of_the_binomial_meet() -> None:
    assert at_most(2, 10, 0.3) + at_least(3, 10, 0.3) == pytest.approx(1)
    assert at_most(2, 10, 0.3) == pytest.approx(0.3827827864)
    assert at_most(0, 10, 0.0) == at_least(10, 10, 1.0) == 1.0
