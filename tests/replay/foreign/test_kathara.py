"""Kathará labs."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.kathara import read
from nepishell.replay.foreign.writing import recipe_of
from tests.replay.foreign.samples import KATHARA


def test_domains_are_switches_and_those_of_two_are_links() -> None:
    text = recipe_of(read(KATHARA))
    assert "add netns::Switch A\n" in text
    assert "add netns::Link r1-pc3\n" in text
    assert "add netns::Node r1 routes=none forwarding=true\n" in text
    assert "mac=02:00:00:00:00:02" in text


def test_what_the_scripts_configure_is_carried_over_and_the_rest_is_named() -> None:
    network = read(KATHARA)
    assert "exec pc2 ip route add default via 195.11.14.1" in network.acts
    assert [left.rpartition("/")[2] for left in network.left] == [
        "base", "r1.startup:3: what runs on r1: systemctl start frr",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ('pc1[0]="A"\nnonsense\n', "lab.conf:2:1: this says nothing about a device"),
        ('pc1[0]=""\n', "lab.conf:1:8: a collision domain is missing"),
        ('pc1[0]="A"\npc1[0]="B"\n', "lab.conf:2:1: interface 0 of pc1 is there twice"),
        ('pc1[0]="A"\npc1[1]="A"\n', "lab.conf:2:1: pc1 in A is there twice"),
        ('pc1[0]="A/xx"\npc2[0]="A"\n', "'xx' is no hardware address"),
        ("# nothing\n", "no devices"),
        ("", "no devices"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, conf: str, message: str) -> None:
    (tmp_path / "lab.conf").write_text(conf)
    with pytest.raises(NepishellError) as told:
        read(tmp_path)
    assert message in str(told.value)


def test_a_mistake_in_a_script_has_its_place_there(tmp_path: Path) -> None:
    (tmp_path / "lab.conf").write_text("pc1[0]=A\npc2[0]=A\n")
    (tmp_path / "pc1.startup").write_text("\nip addr add 10.0.0.300/24 dev eth0\n")
    with pytest.raises(NepishellError, match=r"pc1\.startup:2:13: '10\.0\.0\.300/24' is not"):
        read(tmp_path / "lab.conf")


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "lab.conf").write_text("pc1[0]=A\npc2[0]=A\n")
    for name in ("shared.startup", "pc1.shutdown"):
        (tmp_path / name).write_text("true\n")
    (tmp_path / "pc2").mkdir()
    assert read(tmp_path).left == ["shared.startup", "pc1.shutdown", "the files in pc2/"]


def test_a_device_whose_name_is_a_path_reads_nothing_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "up.startup").write_text("ip route add default via 10.0.0.1\n")
    lab = tmp_path / "lab"
    lab.mkdir()
    (lab / "lab.conf").write_text("../up[0]=A\npc2[0]=A\n")
    assert read(lab).acts == []
