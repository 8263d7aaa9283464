import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

from nepishell.campaigns.manifest import (
    DONE,
    LEASED,
    LOST,
    TODO,
    Manifest,
    Planned,
    is_alive,
    me,
)
from nepishell.core.errors import NepishellError

RUN = Planned(key="k1", parameters={"word": "a"}, repetition=1, point=0)
OTHER = Planned(key="k2", parameters={"word": "b"}, repetition=2, point=1)
#: A process that cannot be there: its number is beyond what the kernel gives.
DEAD = me().rsplit("~", 2)[0] + "~4194999~1"


@pytest.fixture
def runs(manifest: Manifest) -> Manifest:
    manifest.add([OTHER, RUN])
    return manifest


def test_runs_are_read_as_they_were_planned_in_the_order_of_points(runs: Manifest) -> None:
    assert runs.runs() == [RUN, OTHER]
    assert [runs.state(key) for key in runs.all_keys()] == [TODO, TODO]


def test_one_claims_a_run_and_nobody_else(runs: Manifest) -> None:
    assert runs.claim("k1", me())
    assert not runs.claim("k1", "somebody")
    assert runs.state("k1") == LEASED


def test_of_many_who_claim_at_once_one_has_it(runs: Manifest) -> None:
    together, got = Barrier(8), []

    def claim(number: int) -> None:
        together.wait()
        if runs.claim("k1", str(number)):
            got.append(number)

    threads = [Thread(target=claim, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 1


def test_what_came_of_a_run_is_there_when_the_state_says_so(runs: Manifest) -> None:
    runs.claim("k1", me())

    assert runs.finish("k1", me(), DONE, {"verdict": "ok"})
    assert (runs.state("k1"), runs.row("k1")) == (DONE, {"verdict": "ok"})


def test_who_has_a_run_no_more_cannot_finish_it(runs: Manifest) -> None:
    runs.claim("k1", DEAD)
    runs.sweep()
    runs.claim("k1", me())

    assert not runs.finish("k1", DEAD, DONE, {"verdict": "late"})
    assert runs.row("k1") is None


def test_leases_of_the_dead_are_swept_and_those_of_the_living_stay(runs: Manifest) -> None:
    runs.claim("k1", DEAD)
    runs.claim("k2", me())

    assert runs.sweep() == ["k1"]
    assert (runs.state("k1"), runs.state("k2")) == (TODO, LEASED)


def test_a_run_whose_state_was_deleted_is_to_be_done(runs: Manifest) -> None:
    (runs.run_folder("k1") / "state.todo").unlink()
    runs.sweep()

    assert runs.claim("k1", me())


def test_a_run_that_ended_is_done_once_more_when_asked_to(runs: Manifest) -> None:
    runs.claim("k1", me())
    runs.finish("k1", me(), LOST, {"verdict": "lost"})

    assert not runs.again("k1", DONE)
    assert runs.again("k1", LOST)
    assert (runs.state("k1"), runs.row("k1")) == (TODO, None)


def test_what_is_there_stays_when_more_is_planned(runs: Manifest) -> None:
    runs.claim("k1", me())
    runs.finish("k1", me(), DONE, {"verdict": "ok"})
    runs.add([RUN, OTHER])

    assert runs.state("k1") == DONE


def test_a_run_that_was_half_planned_is_planned_anew(runs: Manifest) -> None:
    # killed before the rename
    (runs.folder / "runs" / ".k3").mkdir()
    third = Planned(key="k3", parameters={}, repetition=1, point=2)
    runs.add([third])

    assert runs.runs()[-1] == third


def test_every_try_has_a_folder_of_its_own(runs: Manifest) -> None:
    assert [runs.next_try("k1").name, runs.next_try("k1").name] == ["1", "2"]
    assert {path.name for path in runs.tries("k1")} == {"1", "2"}
    assert runs.tries("k2") == []


def test_two_do_not_run_one_campaign(runs: Manifest) -> None:
    with (
        runs.hold(),
        pytest.raises(NepishellError, match="talk is being run already"),
        Manifest(runs.folder).hold(),
    ):
        pass


def test_a_process_that_got_the_number_of_another_is_not_it() -> None:
    host, boot, pid, started = me().split("~")

    assert is_alive(me())
    assert pid == str(os.getpid())
    assert not is_alive(f"{host}~{boot}~{pid}~{int(started) - 1}")
    assert not is_alive(f"elsewhere~{boot}~{pid}~{started}")
    assert not is_alive("nonsense")


def test_a_folder_without_a_campaign_is_told(tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match=r"no campaign in .*nowhere: there is no"):
        _ = Manifest(tmp_path / "nowhere").definition
