"""Networks in text."""

from collections.abc import Sequence
from textwrap import dedent

import pytest

from nepishell.core.states import ResourceState
from nepishell.output.diagram import ITEMS, MARKS, Edge, Vertex, draw
from nepishell.output.style import Style

NEW, STARTED, FAILED = ResourceState.NEW, ResourceState.STARTED, ResourceState.FAILED


def node(key: int, name: str, *items: str) -> Vertex:
    return Vertex(key, name, STARTED, [(each, FAILED) for each in items])


def link(one: int, two: int, label: str = "") -> Edge:
    return Edge(one, two, label, STARTED)


def text(vertices: Sequence[Vertex], edges: Sequence[Edge], *, glyphs: bool = True) -> str:
    return draw(vertices, edges, glyphs=glyphs).draw(Style())


def drawing(expected: str) -> str:
    return dedent(expected).strip("\n")


def test_two_nodes_and_a_link_with_a_program_in_its_node() -> None:
    assert text([node(1, "h1", "probe"), node(2, "h2")], [link(1, 2, "wire")]) == drawing("""
        ┌─────────┐            ┌──────┐
        │ ● h1    ├─── ● wire ─┤ ● h2 │
        │ ✗ probe │            └──────┘
        └─────────┘
    """)


def test_the_same_where_nothing_but_ascii_can_be_shown() -> None:
    found = text([node(1, "h1", "probe"), node(2, "h2")], [link(1, 2, "wire")], glyphs=False)
    assert found == drawing("""
        +---------+            +------+
        | * h1    +--- * wire -+ * h2 |
        | X probe |            +------+
        +---------+
    """)


def test_a_star_has_its_switch_in_the_middle() -> None:
    star = [node(9, "lan"), *(node(key, f"h{key}") for key in range(1, 5))]
    lines = text(star, [link(key, 9) for key in range(1, 5)]).splitlines()
    middle = next(line for line in lines if "lan" in line)
    assert "├" in middle
    assert "┤" in middle
    assert sum("h1" in line and "h2" in line for line in lines) == 1


def test_two_links_between_the_same_nodes_are_two_lines() -> None:
    found = text([node(1, "a"), node(2, "b")], [link(1, 2, "up"), link(1, 2, "down")])
    assert found == drawing("""
        ┌─────┐             ┌─────┐
        │ ● a ├────── ● up ─┤ ● b │
        │     ├──── ● down ─┤     │
        └─────┘             └─────┘
    """)


def test_a_line_between_two_of_the_same_layer_is_told_below() -> None:
    ring = [node(key, f"r{key}") for key in range(3)]
    found = text(ring, [link(0, 1, "x"), link(1, 2, "y"), link(2, 0, "z")])
    assert "r1 and r2 are also joined by y" in found


def test_what_is_joined_with_nothing_stands_below() -> None:
    lines = text([node(1, "a"), node(2, "b")], []).splitlines()
    assert [line.split()[2] for line in lines if "●" in line] == ["a", "b"]


def test_a_box_holds_so_many_and_counts_the_rest() -> None:
    found = text([node(1, "a", *(f"p{number}" for number in range(ITEMS + 4)))], [])
    assert "and 4 more" in found


def test_each_state_has_a_mark_of_its_own() -> None:
    assert len(set(MARKS)) == len(ResourceState)


@pytest.mark.parametrize("glyphs", [True, False])
def test_all_lines_of_a_box_are_closed(glyphs: bool) -> None:
    vertices = [node(key, f"n{key}", "x") for key in range(7)]
    edges = [link(key, (key * 3 + 1) % 7, f"l{key}") for key in range(7)]
    found = text(vertices, edges, glyphs=glyphs)
    assert all(f"n{key}" in found for key in range(7))
