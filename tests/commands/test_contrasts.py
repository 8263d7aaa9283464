"""Runs beside each other: what is different, and how sure that is."""

import pytest

from nepishell.commands.contrasts import Facts, facts_of, graph, moments, numbers, sides
from nepishell.journal.runs import look
from nepishell.journal.world import World
from tests.commands.typist import typist


def measured(run_id, recipe="a", samples=(), **values):
    return Facts(
        run_id=run_id, recipe=recipe, world=World(), samples=dict(samples), numbers=dict(values)
    )


@pytest.fixture
def two(tmp_path):
    """Two runs that differ in a value, an application and a time."""
    found = []
    for place, extra in (("one", []), ("two", ["set a word x", "add test::App b on n"])):
        with typist(tmp_path / place) as session:
            session("add test::Node n", "add test::App a on n run_for=5s", *extra, "deploy")
            session("list", after=7.0 if extra else 1.0)
            session.deeds()
            found.append(facts_of(look(session.ec.run_dir)))
    return found


def test_graphs_are_compared_by_label(two):
    assert ("a", "word", "", "x") in graph(*two)
    assert ("b", "is new", "", "test::App") in graph(*two)
    assert not graph(two[0], two[0])


def test_moments_count_from_the_first_deployment(two):
    found = {moment.what: moment for moment in moments(*two)}
    assert found["a STARTED"][1:] == (0.0, 0.0, "")
    assert found["a STOPPED"][1:] == (None, 5.0, "only there")
    assert found["b STARTED"].order == "only there"


def test_what_came_in_another_place_is_named():
    one, other = measured("1"), measured("2")
    one.came = {"a": 1.0, "b": 2.0, "c": 3.0}
    other.came = {"b": 1.0, "a": 2.0, "c": 3.0}
    assert sorted(moment.order for moment in moments(one, other)) == ["", "", "in another place"]


def test_two_runs_are_compared_by_all_that_they_measured():
    one = measured("1", samples={"p.rtt": (0.010, 0.011, 0.012, 0.011)}, **{"p.rtt.avg": 0.011})
    other = measured("2", samples={"p.rtt": (0.020, 0.021, 0.022, 0.021)}, **{"p.rtt.avg": 0.021})
    (found,) = numbers([one], [other])
    assert (found.name, found.kind, found.verdict) == ("p.rtt", "duration", "higher")
    assert found.by is not None
    assert found.by.low < 0.010 < found.by.high
    (back,) = numbers([other], [one])
    assert back.verdict == "lower"


def test_of_several_runs_each_is_one_value():
    one = [measured(str(n), **{"p.loss": value}) for n, value in enumerate((1.0, 1.2, 0.9))]
    other = [measured(str(n), **{"p.loss": value}) for n, value in enumerate((1.1, 0.8, 1.2))]
    (found,) = numbers(one, other)
    assert found.one is not None
    assert (found.one.n, found.verdict) == (3, "no difference seen")


def test_single_values_say_nothing_of_how_sure_they_are():
    one = measured("1", **{"p.loss": 1.0, "p.sent": 8.0})
    other = measured("2", **{"p.loss": 2.0, "p.sent": 8.0, "p.more": 1.0})
    assert [found.verdict for found in numbers([one], [other])] == [
        "too few values to say", "the same", "only in one",
    ]  # fmt: skip


def test_runs_of_two_recipes_are_two_sides_and_others_are_compared_with_the_first():
    a1, a2, b1 = measured("1", "a"), measured("2", "a"), measured("3", "b")
    assert sides([a1, b1, a2]) == [([a1, a2], [b1])]
    assert sides([a1, a2]) == [([a1], [a2])]
    c1 = measured("4", "c")
    assert sides([a1, b1, c1]) == [([a1], [b1]), ([a1], [c1])]
