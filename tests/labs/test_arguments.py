"""What `nepishell lab` takes; a mistake is one line."""

import pytest

from nepishell.labs.arguments import VERBS, lab_parser


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "the following arguments are required: WHAT"),
        (["grade", "a.zip"], "the following arguments are required: --out"),
        (["grade", "a.zip", "--out", "x", "--jobs", "0"], "'0' is not a number from 1 to 64"),
    ],
)
def test_a_mistake_is_one_line(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        lab_parser().parse_args(argv)

    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_each_verb_has_a_parser() -> None:
    helped = lab_parser().format_help()

    assert all(name in helped for name in VERBS)
