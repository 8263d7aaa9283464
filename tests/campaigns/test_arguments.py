import shlex

import pytest

from nepishell.campaigns.arguments import VERBS, run_parser, verb_parser


def test_everything_of_a_campaign_can_be_said_on_one_line() -> None:
    line = "r.nepi --param a=1,2 --param b=x --repeat 3 --until m=5% --max 9 --jobs 2 --out d"
    given = run_parser().parse_args(shlex.split(line))

    assert (given.param, given.repeat, given.until, given.max) == (["a=1,2", "b=x"], 3, "m=5%", 9)
    assert (given.jobs, given.out, given.cluster) == (2, "d", None)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_the_folder_of_a_campaign(verb: str) -> None:
    words = {"retry": ["failed"], "export": ["t.csv"], "open": ["k"]}.get(verb, [])

    assert verb_parser(verb).parse_args([*words, "--in", "d"]).folder == "d"


@pytest.mark.parametrize("verb", ["status", "resume", "compare"])
def test_a_campaign_is_named_without_a_word_before_it(verb: str) -> None:
    assert verb_parser(verb).parse_args(["d"]).folder == "d"
    assert verb_parser(verb).parse_args([]).folder is None


def test_a_wrong_word_is_one_line_and_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verb_parser("retry").parse_args(["everything"])

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
