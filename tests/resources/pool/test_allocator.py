"""Placing the nodes of a run, beside other runs."""

import pytest

from nepishell.core.errors import NepishellError
from nepishell.resources.pool.allocator import Allocator
from nepishell.resources.pool.ledger import Ledger
from tests.resources.pool.wishing import inventory, wishes

LABS = inventory(a="tag=1 load=1", b="tag=2 load=0", c="tag=2 load=5", d="tag=3 port=2222")


def places(allocator: Allocator, wanted, used=None) -> list[str]:
    return [allocator.place(w.guid, lambda: wanted, lambda: used or {}).name for w in wanted]


def test_the_first_that_asks_has_all_placed_in_one_matching():
    asked = []
    wanted = wishes(LABS, "", "tag=2", "load ..0")

    def all_of_them():
        asked.append(1)
        return wanted

    allocator = Allocator("exp/run")
    found = [allocator.place(guid, all_of_them, dict).name for guid in range(3)]
    assert found[1:] == ["c", "b"]
    assert found[0] in "ad"
    assert len(asked) == 1


def test_the_best_are_taken():
    assert sorted(places(Allocator("r"), wishes(LABS, "", "", rank="-load"))) == ["a", "b"]
    assert places(Allocator("s"), wishes(LABS, "tag", rank="load")) == ["c"]


def test_two_runs_have_different_hosts_until_one_is_over():
    first, second = Allocator("one"), Allocator("two")
    assert len({*places(first, wishes(LABS, "", "")), *places(second, wishes(LABS, "", ""))}) == 4
    with pytest.raises(NepishellError, match="2 reserved by one"):
        places(Allocator("three"), wishes(LABS, ""))
    first.close()
    assert places(Allocator("three"), wishes(LABS, "", "")) == ["b", "a"]


def test_a_host_that_is_given_back_is_free():
    allocator = Allocator("one")
    places(allocator, wishes(LABS, "tag=1"))
    allocator.give_back(0)
    allocator.give_back(0)
    assert Ledger().look().reserved == {}
    assert places(Allocator("two"), wishes(LABS, "tag=1")) == ["a"]


def test_a_failed_host_is_black_listed_and_the_others_keep_theirs():
    allocator = Allocator("one")
    wanted = wishes(LABS, "tag=2", "tag=2", "tag=2|3")
    assert places(allocator, wanted[:1]) == ["b"]
    assert places(allocator, wanted[:2]) == ["b", "c"]
    allocator.replace(0, "no answer", 60)
    with pytest.raises(
        NepishellError, match=r"n0 wants tag=2: 2 hosts of labs.yaml fit, none of them"
    ):
        places(allocator, wanted[:1])
    assert allocator.held(1).name == "c"
    book = Ledger().look()
    assert [(each.name, each.why) for each in book.avoided.values()] == [("b", "no answer")]
    assert set(book.reserved) == {"c:22"}
    with pytest.raises(NepishellError, match="1 black-listed"):
        places(Allocator("two"), wishes(LABS, "tag=2"))
    with Ledger().open() as book:
        book.avoided.clear()
    assert places(Allocator("two"), wishes(LABS, "tag=2")) == ["b"]


def test_a_host_that_failed_is_not_tried_again_by_this_run_when_it_is_forgiven():
    allocator = Allocator("one")
    places(allocator, wishes(LABS, "tag=1"))
    allocator.replace(0, "no answer", 0)
    with pytest.raises(NepishellError, match="1 failed n0"):
        places(allocator, wishes(LABS, "tag=1"))


def test_nodes_that_may_come_later_are_left_what_only_they_can_use():
    first, later = wishes(LABS, "tag=2", "load ..0")
    later = type(later)(
        guid=later.guid, name="later", inventory=LABS, constraints=later.constraints,
        weights=later.weights, is_certain=False,
    )  # fmt: skip
    allocator = Allocator("one")
    assert allocator.place(0, lambda: [first, later], dict).name == "c"
    assert set(Ledger().look().reserved) == {"c:22"}


def test_those_that_may_come_later_do_not_forbid_what_is_possible_now():
    first, *others = wishes(LABS, "tag=1", "tag=1")
    later = [
        type(w)(guid=w.guid, name=w.name, inventory=LABS, constraints=w.constraints,
                weights=w.weights, is_certain=False)
        for w in others
    ]  # fmt: skip
    assert Allocator("one").place(0, lambda: [first, *later], dict).name == "a"


def test_all_of_a_deployment_that_is_impossible_are_told_the_same_once():
    allocator = Allocator("one")
    wanted = wishes(LABS, "tag=1", "tag=1", "tag=3")
    told = []
    for guid in range(3):
        with pytest.raises(NepishellError) as raised:
            allocator.place(guid, lambda: wanted, dict)
        told.append(str(raised.value))
    assert len(set(told)) == 1
    assert allocator.place(2, lambda: wanted[2:], dict).name == "d"
    assert Ledger().look().reserved.keys() == {"d:2222"}


def test_a_wish_that_makes_no_sense_is_refused_in_its_own_turn_only():
    allocator = Allocator("one")
    wanted = wishes(LABS, "tag=1", "tga=1")
    assert allocator.place(0, lambda: wanted, dict).name == "a"
    with pytest.raises(NepishellError, match="did you mean 'tag'"):
        allocator.place(1, lambda: wanted, dict)


def test_hosts_that_the_run_names_itself_are_not_taken():
    with pytest.raises(NepishellError, match="1 used by gate"):
        places(Allocator("one"), wishes(LABS, "tag=1"), {"a:22": "gate"})


def test_a_damaged_list_is_told():
    Ledger().path.parent.mkdir(parents=True)
    Ledger().path.write_text("{")
    told = []
    allocator = Allocator("one")
    allocator.warn = told.append
    places(allocator, wishes(LABS, ""))
    assert "was damaged" in told[0]


def test_nodes_with_different_rankings_are_placed_together():
    one, two = wishes(LABS, "tag=2", rank="load")[0], wishes(LABS, "", "tag=2", rank="-load")[1]
    allocator = Allocator("one")
    assert places(allocator, [one, two]) == ["c", "b"]


def test_a_host_from_an_earlier_controller_is_kept_and_a_conflict_is_told():
    dead, second = Allocator("one"), Allocator("two")
    places(dead, wishes(LABS, "tag=1"))
    host = dead.held(0)
    dead.close()
    places(second, wishes(LABS, "tag=1"))
    told = []
    again = Allocator("one")
    again.warn = told.append
    again.adopt(0, "web", host)
    assert told == ["a, which web has, was given to two meanwhile"]
    assert again.held(0) == host
