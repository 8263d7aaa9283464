"""Why there is no placement, in one line that a person can act on."""

import pytest

from nepishell.core.errors import BadValue, NepishellError
from nepishell.resources.pool.allocator import Allocator
from nepishell.resources.pool.explaining import check_names
from nepishell.resources.pool.ledger import Ledger
from tests.resources.pool.wishing import inventory, wishes

LABS = inventory(
    fr1="country=fr tag=5", fr2="country=fr tag=4", fr3="country=fr tag=3",
    de1="country=de tag=5 tags=wifi|gpu", de2="country=de tag=1",
)  # fmt: skip


def why(*texts: str, avoided: tuple[str, ...] = (), used: dict[str, str] | None = None) -> str:
    wanted = wishes(LABS, *texts)
    with Ledger().open() as book:
        for name in avoided:
            book.avoid(name, name, "no answer", 60)
    with pytest.raises(NepishellError) as raised:
        Allocator("exp/run").place(0, lambda: wanted, lambda: used or {})
    return str(raised.value)


def test_too_many_nodes_want_the_same():
    assert why(*["country=fr, tag>=4"] * 3) == (
        "3 nodes (n0, n1, n2) want country=fr, tag>=4: only 2 hosts of labs.yaml fit; "
        "without 'country=fr' or 'tag>=4' there are enough"
    )


def test_one_wish_that_no_host_meets():
    assert why("country=fr, tag>=9") == (
        "n0 wants country=fr, tag>=9: no host of labs.yaml fits; without 'tag>=9' there are enough"
    )


def test_only_those_that_compete_are_named():
    told = why("country=de", "country=fr", "country=fr", "tag 3..4", "country=fr")
    who = "(n1, n2, n4 want country=fr; n3 wants tag 3..4)"
    assert told.startswith(f"4 nodes share too few hosts {who}: only 3 hosts of labs.yaml fit")


def test_nodes_that_want_nothing_may_be_too_many():
    assert why(*[""] * 7) == (
        "7 nodes (n0, n1, n2, n3, n4 and 2 more) want any host: only 5 hosts of labs.yaml fit"
    )


def test_what_others_have_is_told_apart_from_what_does_not_fit():
    assert why("country=de", "country=de", avoided=("de1",)) == (
        "2 nodes (n0, n1) want country=de: 2 hosts of labs.yaml fit, 1 of them free; "
        "without 'country=de' there are enough; not to be had: 1 black-listed; see 'pool'"
    )
    assert why("tag=4", used={"fr2:22": "gate"}) == (
        "n0 wants tag=4: 1 host of labs.yaml fits, and it is not free; "
        "without 'tag=4' there are enough; not to be had: 1 used by gate; see 'pool'"
    )


@pytest.mark.parametrize(
    ("text", "rank", "error"),
    [
        ("contry=fr", "", "says 'contry'; did you mean 'country'?"),
        ("wify", "", "says 'wify'; did you mean 'wifi'?"),
        ("x=1", "", "says 'x'; they say country, group, hostname, tag, tags"),
        ("", "cpu - 2*lood", "says 'lood'"),
    ],
)
def test_a_name_that_no_host_says_is_a_typo(text, rank, error):
    (wish,) = wishes(LABS, text, rank=rank)
    with pytest.raises(BadValue) as raised:
        check_names(wish)
    assert error in str(raised.value)


@pytest.mark.parametrize("text", ["!broken", "not broken", "wifi", "hostname=fr1", "group=all"])
def test_tags_groups_names_and_absences_are_no_typos(text):
    (wish,) = wishes(LABS, text)
    check_names(wish)
