from pathlib import Path

import pytest

from nepishell.campaigns.axes import Axes
from nepishell.campaigns.definition import Definition, Stop, read_definition, share, to_toml
from nepishell.core.errors import NepishellError

SWEEP = """
recipe = "talk.nepi"
repeat = 5
seed = 42
timeout = "2m"
[product]
delay = ["5ms", 20]
[zip]
a = [1, 2]
b = [true, false]
[random]
draws = 3
x = "1ms..5ms"
[[list]]
c = "1"
[stop]
metric = "probe.rtt.min"
within = "5%"
min = 4
max = 9
"""


def read(text: str) -> Definition:
    Path("sweep.toml").write_text(text)
    return read_definition(Path("sweep.toml"))


def test_a_file_says_everything() -> None:
    assert read(SWEEP) == Definition(
        name="sweep", recipe=Path("talk.nepi"), repeat=5, seed=42, timeout_s=120.0,
        axes=Axes(product={"delay": ("5ms", "20")},
                  zipped={"a": ("1", "2"), "b": ("true", "false")},
                  chance={"x": ("1ms..5ms",)}, draws=3, listed=({"c": "1"},)),
        stop=Stop(metric="probe.rtt.min", within=0.05, least=4, most=9),
    )  # fmt: skip


def test_what_is_written_reads_as_the_same() -> None:
    found = read(SWEEP)
    Path("again.toml").write_text(to_toml(found))

    assert read_definition(Path("again.toml")) == found


def test_texts_with_quotes_and_odd_names_survive() -> None:
    odd = Definition(
        name="odd", recipe=Path("r"), axes=Axes(product={"a.b": ('say "x"\n\\', "\x7f")})
    )
    Path("odd.toml").write_text(to_toml(odd))

    assert read_definition(Path("odd.toml")) == odd


def test_a_recipe_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "r.nepi").write_text("")
    (tmp_path / "deep" / "s.toml").write_text('recipe = "r.nepi"\n')

    assert read_definition(Path("deep/s.toml")).recipe == Path("deep/r.nepi")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recipe = ", "sweep.toml: not TOML: invalid value"),
        ("repeat = 1", "sweep.toml: no recipe; write a line like recipe = 'FILE.nepi'"),
        ('recipe = "r"\nrepaet = 1', "sweep.toml: no key 'repaet'; did you mean 'repeat'?"),
        ('recipe = "r"\nrepeat = "x"', "sweep.toml: repeat is 'x'; it must be a number"),
        ('recipe = "r"\nrepeat = 0', "sweep.toml: repeat is 0; it must be at least 1"),
        ('recipe = "r"\norder = "odd"', "order is 'odd'; it is one of shuffled, given"),
        ('recipe = "r"\n[product]\na = [[1]]', "[1] is not one value; write text, a number"),
        ('recipe = "r"\nlist = [1]', "list holds points; write each as [[list]]"),
        ('recipe = "r"\n[random]\ndraws = "x"', "draws is 'x'; write a number"),
        ('recipe = "r"\n[stop]\nmin = 3', "stop names no metric"),
        (
            'recipe = "r"\n[stop]\nmetric = "m"\nmin = 1',
            "from 1 to 30 runs: an interval needs at least 2",
        ),
        ('recipe = "r"\n[stop]\nmetric = "m"\nwithin = 5.0', "within is 5; write a part of"),
        ('recipe = "r"\nname = "a/b"', "'a/b' cannot be the name of a campaign"),
        ('recipe = "r"\ntimeout = "soon"', "'soon' is not a duration"),
    ],
)
def test_a_mistake_in_the_file_is_one_line(text: str, message: str) -> None:
    with pytest.raises(NepishellError) as problem:
        read(text)

    assert message in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_part_is_a_percentage_or_a_number() -> None:
    assert (share("5%"), share("0.05"), share(0.1)) == (0.05, 0.05, 0.1)
    with pytest.raises(NepishellError, match="'much' is not a part; write it"):
        share("much")
