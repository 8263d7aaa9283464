"""Which reader is for which file."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.table import READERS, kind_of, read_foreign
from nepishell.replay.foreign.writing import recipe_of
from tests.replay.foreign.samples import KATHARA, SAMPLES


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.clab.yml", "containerlab"),
        ("x.YAML", "containerlab"),
        ("topo.py", "mininet-python"),
        ("lab.conf", "kathara"),
        ("session", "mininet"),
        ("x.cli", "mininet"),
    ],
)
def test_a_file_is_of_the_kind_that_its_name_says(name: str, kind: str) -> None:
    assert kind_of(Path(name)) == kind


def test_a_folder_must_be_a_lab(tmp_path: Path) -> None:
    assert kind_of(KATHARA) == "kathara"
    with pytest.raises(NepishellError, match=r"a folder without a lab\.conf"):
        kind_of(tmp_path)


@pytest.mark.parametrize("kind", READERS)
def test_each_kind_is_read(kind: str) -> None:
    assert recipe_of(read_foreign(SAMPLES[kind], kind)).startswith("# ")
