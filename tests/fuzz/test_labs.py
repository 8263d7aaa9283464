"""Any lab, variant, submission and journal that somebody wrote: read, or refused in a line."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.evidence import evidence
from nepishell.labs.model import Lab, read_lab
from nepishell.labs.rendering import in_terminal
from nepishell.labs.submission import submission_of
from nepishell.labs.variants import practice_variant, read_variant, spell
from tests.fuzz.mutating import COUNT, bent, in_a_line, mutations
from tests.labs.building import FILES, TOML, write_lab

SUBMISSION = {
    "format": 1, "lab": "small", "version": "1", "student": "ann", "variant": "x", "practice": True,
    "values": {"net": "7"}, "hints": [["address", 1]], "points": 3,
    "deeds": [{"kind": "line", "what": "add netns::Node h1", "text": ""}],
}  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return read_lab(write_lab(tmp_path / "small"))


def refused_or_read(reader: Callable[[], object]) -> None:
    try:
        reader()
    except NepishellError as problem:
        in_a_line(problem)


def test_any_lab_is_read_or_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path)

    def read_and_draw() -> None:
        practice_variant(read_lab(folder), "ann")

    for text in mutations(61, [TOML]):
        (folder / "lab.toml").write_text(text)
        refused_or_read(read_and_draw)


def test_any_text_of_a_step_is_shown() -> None:
    for text in mutations(62, [FILES["steps/1.md"], "- a *b* `c`\n\n    d\n```\ne\n```\n[f](g)"]):
        in_terminal(text)


def test_any_variant_is_read_or_refused(lab: Lab) -> None:
    random_ = random.Random(63)
    told = json.loads(spell(practice_variant(lab, "ann")))
    for _ in range(COUNT):
        text = json.dumps(bent(random_, told))
        refused_or_read(lambda text=text: read_variant(lab, text, "ann.variant"))


def test_any_submission_is_read_or_refused() -> None:
    random_ = random.Random(64)
    for _ in range(COUNT):
        text = json.dumps(bent(random_, SUBMISSION))
        refused_or_read(lambda text=text: submission_of(Path("x.zip"), text, ""))


def test_any_journal_of_a_submission_is_evidence_or_a_fault() -> None:
    random_ = random.Random(65)
    record = {"n": 1, "k": "journal", "t": 0.0, "version": 1, "run": "1"}
    for _ in range(COUNT):
        evidence(json.dumps(bent(random_, record)) + "\n")
