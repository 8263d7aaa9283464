"""Time, as the engine sees it."""

from datetime import UTC, datetime, timedelta

from nepishell import VirtualClock, WallClock


def test_real_time_never_goes_back() -> None:
    clock = WallClock()
    readings = [clock.now() for _ in range(100)]

    assert readings == sorted(readings)
    assert readings[0] >= 0.0


def test_dates_of_real_time_are_aware_and_near_now() -> None:
    clock = WallClock()
    date = clock.date(clock.now())

    assert date.utcoffset() is not None
    assert abs(date - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_change_of_the_wall_clock_does_not_move_delays() -> None:
    clock = WallClock()
    one, two = clock.date(10.0), clock.date(15.0)

    assert two - one == timedelta(seconds=5)


def test_virtual_time_stands_still() -> None:
    clock = VirtualClock()

    assert [clock.now() for _ in range(3)] == [0.0, 0.0, 0.0]


def test_virtual_time_goes_where_it_is_sent_and_never_back() -> None:
    clock = VirtualClock()
    clock.jump(5.0)
    clock.jump(3.0)

    assert clock.now() == 5.0


def test_virtual_dates_count_from_the_given_beginning() -> None:
    began = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

    assert VirtualClock(began).date(2970.0) == began + timedelta(seconds=2970)
