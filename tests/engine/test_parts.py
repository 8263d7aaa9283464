"""Finding resources, and reading sets of guids."""

import pytest

from nepishell import ExperimentController, UnknownName


def add(ec: ExperimentController, count: int) -> None:
    for _ in range(count):
        ec.register_resource("test::Recorder")


@pytest.mark.parametrize(
    ("given", "found"),
    [(2, [2]), ([3, 1], [3, 1]), ((1, 1, 2, 1), [1, 2]), ([], []), (range(1, 4), [1, 2, 3])],
)
def test_reads_one_guid_or_many_each_once(
    ec: ExperimentController, given: object, found: list[int]
) -> None:
    add(ec, 3)

    assert [rm.guid for rm in ec._rms(given)] == found  # type: ignore[arg-type]


def test_an_iterator_is_read_once(ec: ExperimentController) -> None:
    add(ec, 2)

    assert [rm.guid for rm in ec._rms(iter([1, 2]))] == [1, 2]


@pytest.mark.parametrize("given", [0, -1, True, None, 1.0, "1", [True], ["1"], object()])
def test_what_is_no_guid_is_named(ec: ExperimentController, given: object) -> None:
    add(ec, 1)

    with pytest.raises(UnknownName, match="is not a guid; known: 1"):
        ec._rms(given)  # type: ignore[arg-type]


def test_a_long_list_of_known_guids_is_cut(ec: ExperimentController) -> None:
    add(ec, 20)

    with pytest.raises(UnknownName, match=r"known: 1, 2, 3, 4, 5, 6, 7, 8, \.\.\.$"):
        ec._rm(99)
