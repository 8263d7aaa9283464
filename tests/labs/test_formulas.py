"""Arithmetic with a student's values, and nothing but arithmetic."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.formulas import evaluate, names_in, show
from nepishell.labs.model import LabError, Parameter, ParameterKind, read_lab
from tests.labs.building import TOML, write_lab


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        ("2 * delay", 40),
        ("2*delay + 2*1514*8/(rate*1000)", 52.112),
        ("2 ** (32 - bits) - 2", 126),
        ("11584 / (2 * delay) * 1.22 / sqrt(loss / 100)", 3533.12),
        ("floor(20 * rate / 12.112)", 3),
        ("-min(rate, 5) + max(1, 2)", 0),
    ],
)
def test_computes_with_the_values_it_is_given(formula: str, number: float) -> None:
    found = evaluate(formula, {"delay": 20, "rate": 2, "bits": 25, "loss": 1})

    assert found == pytest.approx(number)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("2 *", "'2 *' is no formula; write one as in 2 * delay + 12 / rate"),
        ("2 * dely", "no number 'dely' to compute with; did you mean 'delay'?"),
        ("1 / 0", "formula '1 / 0' has no result: division by zero"),
        ("(0 - 1) ** 0.5", "formula '(0 - 1) ** 0.5' has no result: it is"),
        ("1e308 * 10", "formula '1e308 * 10' has no result: it is inf"),
        ("2 ** 9999", "a power is at most 128, not 9999"),
        ("sqr(2)", "no function 'sqr' in formulas; did you mean 'sqrt'?"),
        ("sqrt()", "formula 'sqrt()' has no result: "),
        ("'a' * 3", "''a'' is nothing that a formula can have"),
        ("delay.real", "'delay.real' is nothing that a formula can have"),
        ("[1][0]", "'[1][0]' is nothing that a formula can have"),
        ("__import__('os')", "''os'' is nothing that a formula can have"),
        ("(lambda: 1)()", "'(lambda: 1)()' is nothing that a formula can have"),
        ("1" * 201, "a formula is at most 200 characters long"),
    ],
)
def test_refuses_what_is_no_arithmetic(formula: str, message: str) -> None:
    with pytest.raises(NepishellError) as caught:
        evaluate(formula, {"delay": 20})

    assert str(caught.value).startswith(message)


def test_names_what_a_formula_computes_with() -> None:
    assert names_in("sqrt(loss) + rate * rate") == ("loss", "rate")


@pytest.mark.parametrize(
    ("value", "text"), [(40.0, "40"), (52.112, "52.112"), (1 / 3, "0.333333"), (5e6, "5000000")]
)
def test_numbers_are_written_as_a_person_does(value: float, text: str) -> None:
    assert show(value) == text


def test_a_parameter_may_be_computed_from_those_before_it(tmp_path: Path) -> None:
    toml = TOML.replace("word =", 'rtt = { formula = "2 * delay", unit = "ms" }\nword =')

    assert read_lab(write_lab(tmp_path, toml=toml)).parameters["rtt"] == Parameter(
        name="rtt", kind=ParameterKind.FORMULA, formula="2 * delay", unit="ms"
    )


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("2 * dely", "no parameter 'dely' before this one; did you mean 'delay'?"),
        ("2 * word", "no parameter 'word' before this one"),
        ("2 *", "'2 *' is no formula; write one as in 2 * delay + 12 / rate"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused_with_its_place(
    tmp_path: Path, formula: str, message: str
) -> None:
    toml = TOML.replace("word =", f'rtt = {{ formula = "{formula}" }}\nword =')

    with pytest.raises(LabError) as caught:
        read_lab(write_lab(tmp_path, toml=toml))

    assert f"lab.toml:11:1: {message}" in str(caught.value)
