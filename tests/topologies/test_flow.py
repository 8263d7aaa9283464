"""The cheapest placement of requests that rate hosts differently."""

from nepishell.topologies.flow import cheapest_flow


def test_each_group_gets_what_costs_the_whole_least() -> None:
    near = {"a": 1.0, "b": 5.0}
    far = {"a": 0.0, "b": 0.5}
    # the second would rather have a, but the first loses more without it
    assert cheapest_flow([(["a", "b"], near, 1), (["a", "b"], far, 1)]) == [["a"], ["b"]]


def test_equal_costs_are_served_all_the_same() -> None:
    found = cheapest_flow([(["a", "b", "c"], {}, 2), (["c"], {}, 1)])
    assert sorted(found[0]) == ["a", "b"]
    assert found[1] == ["c"]
