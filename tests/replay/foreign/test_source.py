"""Foreign files as text with places."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.source import MOST_BYTES, Source, read_source


def test_what_is_wrong_has_its_place_and_a_caret() -> None:
    problem = Source("a", "one\ntwo three").wrong(2, "no\nthree", 5, 5)
    assert str(problem) == "a:2:5: no three"
    assert problem.caret == "    two three\n        ^~~~~"


@pytest.mark.parametrize(("line", "column"), [(0, 1), (99, 1), (1, 99), (1, -3)])
def test_a_place_outside_the_text_is_its_nearest_end(line: int, column: int) -> None:
    place = Source("a", "").wrong(line, "no", column).place
    assert place is not None
    assert (place.line, place.column) == (1, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"a\n\xff", ":2: not a text in UTF-8"), (b"x" * (MOST_BYTES + 1), "larger than 1 MiB")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(NepishellError, match=message):
        read_source(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="cannot be read"):
        read_source(tmp_path)
