"""Any file of another program: a recipe that can be checked, or an error of one line."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.check import check
from nepishell.replay.foreign.table import READERS, read_foreign
from nepishell.replay.foreign.writing import recipe_of
from nepishell.replay.recipe import Recipe
from tests.fuzz.mutating import COUNT, in_a_line, mutations
from tests.replay.foreign.samples import KATHARA, SAMPLES, SCRIPT

#: What is mutated, and where the reader finds it.
FILES = [
    ("containerlab", SAMPLES["containerlab"], "x.yml"),
    ("kathara", KATHARA / "lab.conf", "lab.conf"),
    ("kathara", KATHARA / "r1.startup", "r1.startup"),
    ("mininet", SAMPLES["mininet"], "x.txt"),
    ("mininet", SCRIPT, "x.cli"),
    ("mininet-python", SAMPLES["mininet-python"], "x.py"),
]


def test_each_kind_is_tried() -> None:
    assert {kind for kind, _, _ in FILES} == set(READERS)


@pytest.mark.parametrize(("kind", "sample", "name"), FILES, ids=[name for *_, name in FILES])
def test_any_foreign_file_is_a_recipe_or_an_error(
    kind: str, sample: Path, name: str, tmp_path: Path
) -> None:
    (tmp_path / "lab.conf").write_bytes((KATHARA / "lab.conf").read_bytes())
    texts = [sample.read_text(), SAMPLES["mininet"].read_text()]
    for number, text in enumerate(mutations(5, texts, COUNT // 2)):
        try:
            (tmp_path / name).write_text(text, encoding="utf-8", errors="replace")
            found = recipe_of(
                read_foreign(tmp_path if kind == "kathara" else tmp_path / name, kind)
            )
        except NepishellError as problem:
            in_a_line(problem)
            continue
        except BaseException as problem:
            problem.add_note(f"input {number}: {text!r}")
            raise
        if number % 10 == 0:
            problems = check(Recipe("x.nepi", found), {}).problems
            assert not problems, (text, problems, found)
