"""What a keeper answers, as values."""

import pytest

from nepishell.hosts.netns.inventory import Inventory, Standing


def test_an_answer_is_read() -> None:
    found = Inventory.read(
        {
            "hosts": ["h1"],
            "switches": {"s": [["h1", "eth1", "02:00:00:00:00:01", [], 1500, False]]},
            "links": {"wire": ["relay", "no netem", []]},
            "processes": [[3, 17, 99, "/run/x"], [9, 18, 99, ""]],
        }
    )
    assert found.links == {"wire": Standing(ends=(), engine="relay", why="no netem")}
    (end,) = found.switches["s"].ends
    assert (end.host, end.ifname, end.up) == ("h1", "eth1", False)
    assert found.last_token == 9
    assert Inventory().last_token == 0


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"hosts": [], "switches": {}, "links": {"a": 1}, "processes": []},
     {"hosts": [], "switches": {"s": 1}, "links": {}, "processes": []},
     {"hosts": [], "switches": {"s": [[]]}, "links": {}, "processes": []},
     {"hosts": [], "switches": {}, "links": {}, "processes": [[1]]}],
)  # fmt: skip
def test_anything_else_is_a_mistake_of_ours(answer: None) -> None:
    with pytest.raises(AssertionError, match="not "):
        Inventory.read(answer)
