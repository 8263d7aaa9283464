"""What an inventory's words become."""

from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.pool.hosts import ALL, Draft, Word


def test_the_key_is_the_machine_and_not_its_name():
    draft = Draft(Path("x"))
    draft.hosts(ALL, "one", 1)
    draft.hosts(ALL, "two", 2)
    for name in ("one", "two"):
        draft.host_word(name, "address", Word(("Lab.example",), 1))
    assert {host.key for host in draft.finish().values()} == {"lab.example:22"}


def test_the_longest_way_inside_counts():
    draft = Draft(Path("x"))
    draft.hosts("c", "h", 1)
    draft.child("a", "c", 1)
    draft.child("b", "c", 1)
    draft.child("a", "b", 1)
    for group in "abc":
        draft.group_word(group, "who", Word((group,), 1))
    (host,) = draft.finish().values()
    assert host.facts["group"] == ("all", "a", "b", "c")
    assert host.facts["who"] == ("c",)


def test_too_many_hosts_are_refused():
    draft = Draft(Path("x"))
    draft.hosts(ALL, "a[1:60000]", 1)
    with pytest.raises(BadValue, match="x:2: more than 100,000 hosts"):
        draft.hosts(ALL, "b[1:60000]", 2)
