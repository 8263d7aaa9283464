import pytest

from nepishell.campaigns.axes import (
    Axes,
    covering,
    key_of,
    points,
    seed_of,
    values_of,
    written,
)
from nepishell.core.errors import NepishellError


def test_every_value_meets_every_value_of_the_others() -> None:
    assert points(Axes(product={"a": ("1", "2"), "b": ("x", "y")}), 1) == [
        {"a": "1", "b": "x"}, {"a": "1", "b": "y"}, {"a": "2", "b": "x"}, {"a": "2", "b": "y"}
    ]  # fmt: skip


def test_zipped_values_go_side_by_side() -> None:
    assert points(Axes(zipped={"a": ("1", "2"), "b": ("x", "y")}), 1) == [
        {"a": "1", "b": "x"}, {"a": "2", "b": "y"}
    ]  # fmt: skip


def test_kinds_of_axes_are_combined() -> None:
    found = points(
        Axes(product={"a": ("1", "2")}, listed=[{"b": "x"}, {"b": "y"}], zipped={"c": ("8", "9")}),
        1,
    )

    assert len(found) == 8
    assert found[0] == {"a": "1", "c": "8", "b": "x"}


def test_no_axis_is_one_point_as_the_recipe_is() -> None:
    assert points(Axes(), 1) == [{}]


def test_a_value_that_is_written_twice_is_one_point() -> None:
    assert points(Axes(product={"a": ("1", "1")}), 1) == [{"a": "1"}]


def test_what_is_drawn_is_drawn_again_with_the_same_seed() -> None:
    axes = Axes(chance={"delay": ("1ms..20ms",), "cc": ("bbr", "cubic")}, draws=20)

    assert points(axes, 7) == points(axes, 7)
    assert points(axes, 7) != points(axes, 8)


def test_what_is_drawn_lies_in_the_range_and_has_its_unit() -> None:
    found = points(Axes(chance={"delay": ("1ms..20ms",)}, draws=50), 7)

    assert len(found) == 50
    assert all(point["delay"].endswith("ms") for point in found)
    assert all(1 <= float(point["delay"].removesuffix("ms")) <= 20 for point in found)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        (Axes(product={"a": ()}), "parameter 'a' has no value to try"),
        (
            Axes(product={"a": ("1",)}, zipped={"a": ("2",)}),
            "parameter 'a' is varied in two ways; choose one",
        ),
        (
            Axes(zipped={"a": ("1", "2"), "b": ("3",)}),
            "zipped parameters need as many values each: a has 2, b has 1",
        ),
        (Axes(listed=[{"a": "1", "b": "2"}, {"a": "3"}]), "a listed point has no value for 'b'"),
        (Axes(chance={"a": ("1..2",)}), "say how many points are drawn at random"),
        (
            Axes(chance={"a": ("1ms..2s",)}, draws=1),
            "parameter 'a': '1ms..2s' is not a range; write it as in 1ms..20ms",
        ),
        (
            Axes(product={name: tuple(map(str, range(100))) for name in "abc"}),
            "1000000 points are too many",
        ),
    ],
)
def test_axes_that_make_no_sense_are_told(axes: Axes, message: str) -> None:
    with pytest.raises(NepishellError) as problem:
        points(axes, 1)

    assert message in str(problem.value)


def test_commas_part_values_and_quotes_keep_them_together() -> None:
    assert values_of('a, b,"c,d"') == ("a", "b", "c,d")


def test_the_key_of_a_run_does_not_depend_on_the_order_of_parameters() -> None:
    assert key_of("h", {"a": "1", "b": "2"}, 1) == key_of("h", {"b": "2", "a": "1"}, 1)
    assert len(key_of("h", {}, 1)) == 16


def test_another_recipe_value_or_repetition_is_another_run() -> None:
    keys = {key_of("h", {"a": "1"}, 1), key_of("i", {"a": "1"}, 1), key_of("h", {"a": "2"}, 1),
            key_of("h", {"a": "1"}, 2)}  # fmt: skip

    assert len(keys) == 4


def test_every_run_has_a_seed_of_its_own_that_is_the_same_each_time() -> None:
    assert seed_of(1, "k") == seed_of(1, "k")
    assert seed_of(1, "k") != seed_of(1, "l")
    assert 0 <= seed_of(1, "k") < 2**32


def test_few_points_have_every_value() -> None:
    many = points(Axes(product={"a": tuple("123456789"), "b": tuple("xyz")}), 1)

    found = list(covering(many))

    assert len(found) <= 12
    assert {point["a"] for point in found} == set("123456789")
    assert {point["b"] for point in found} == set("xyz")


def test_a_point_is_written_as_assignments() -> None:
    assert written({"delay": "5ms", "cc": "bbr"}) == "delay=5ms cc=bbr"
    assert written({}) == "as it is"
