"""A class is graded by doing again what was handed in; flags inform and take no points."""

import json
import re
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from nepishell.labs import grading
from nepishell.labs.grading import Grade, grade
from nepishell.labs.model import Lab
from nepishell.labs.submission import FILE
from nepishell.labs.variants import practice_variant, variants
from tests.labs.handing_in import hand_in

KEY = b"the key of a course, never shown"


def altered(path: Path, name: str, old: str, new: str) -> Path:
    """The bundle at *path* as somebody rewrites it who mends the checksums, too."""
    with zipfile.ZipFile(path) as source:
        texts = {each: source.read(each).decode() for each in source.namelist()}
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    for each, text in texts.items():
        digest = sha256(text.encode()).hexdigest()
        listed = rf"^[0-9a-f]{{64}}  {re.escape(each)}$"
        manifest = texts["manifest-sha256.txt"]
        texts["manifest-sha256.txt"] = re.sub(listed, f"{digest}  {each}", manifest, flags=re.M)
    with zipfile.ZipFile(path, "w") as target:
        for each, text in texts.items():
            target.writestr(each, text)
    return path


@pytest.mark.lab
def test_a_class_is_graded(small: Lab, tmp_path: Path) -> None:
    roster = ["ann", "bob", "cid", "dan", "eve"]
    own = variants(small, KEY, roster)
    files = [tmp_path / f"{name}.zip" for name in roster]
    hand_in(small, own["ann"], files[0], word=own["ann"].values["word"])
    # the address of another network, and nothing said
    hand_in(small, own["bob"], files[1], ["h1 ip address add 10.250.0.1/24 dev eth0"])
    hand_in(small, practice_variant(small, "cid"), files[2])
    hand_in(small, own["dan"], files[3], claims=["h1 cat /etc/passwd", "source /etc/passwd"])
    hand_in(small, own["eve"], files[4])
    altered(files[4], "journal.jsonl", '"what":"step"', '"what":"stop"')

    ann, bob, cid, dan, eve = grade(small, files, key=KEY, roster=roster)

    assert (ann.points, ann.flags, ann.refused) == (10, [], "")
    assert set(ann.first_held) == {"there", "has", "word"}
    assert (bob.points, bob.flags) == (0, [])
    assert bob.checks["has"]["seen"] == "eth0 up mtu 1500 10.250.0.1/24"
    # graded with the values that he should have had
    assert cid.points == 0
    assert cid.flags[0] == "foreign variant: it was done with values for practice"
    assert dan.refused == "'source /etc/passwd': 'source' is not for labs"
    assert any("'cat' is not run at grading" in flag for flag in dan.flags)
    assert eve.points == 6
    assert eve.flags[0].startswith("broken journal: line ")


@pytest.mark.lab
def test_what_was_handed_in_twice_is_flagged_and_counts_for_both(
    small: Lab, tmp_path: Path
) -> None:
    one = hand_in(small, practice_variant(small, "ann"), tmp_path / "one.zip")
    other = tmp_path / "other.zip"
    other.write_bytes(one.read_bytes())
    altered(other, FILE, '"student": "ann"', '"student": "bob"')

    first, second = grade(small, [one, other])

    assert "identical journal as bob" in first.flags
    assert "identical journal as ann" in second.flags
    assert first.points == 6


@pytest.mark.parametrize("text", ["", "no zip", json.dumps({})])
def test_what_is_no_submission_is_refused_and_named(small: Lab, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.zip"
    path.write_text(text)

    (found,) = grade(small, [path])

    assert found == Grade(file=str(path), most=10, refused="not a zip file, or not all of one")


@pytest.mark.lab
def test_one_that_does_not_end_is_refused_and_leaves_nothing(
    small: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = hand_in(small, practice_variant(small, "ann"), tmp_path / "ann.zip", claims=["wait 9h"])
    monkeypatch.setattr(grading, "PATIENCE_S", 1.0)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    (found,) = grade(small, [file])

    assert found.refused == "it did not end within 1 s"
    assert list(folder.iterdir()) == []
