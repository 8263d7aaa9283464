"""What can be set on a resource."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.attributes import Attribute, Flags, Types
from nepishell.core.errors import BadValue


class Owner:
    """What an Attribute expects of the class that declares it."""

    count = Attribute(int, min=1, max=9, help="how many")
    type_ = Attribute(str, default="a")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def set(self, name: str, value: object) -> None:
        self.values[name] = value


# -- declaring -----------------------------------------------------------------------------------


def test_the_class_body_gives_the_name() -> None:
    assert Owner.count.name == "count"


def test_a_trailing_underscore_dodges_a_keyword() -> None:
    assert Owner.type_.name == "type"


def test_reads_and_writes_the_value_of_the_instance() -> None:
    owner = Owner()
    owner.count = 3

    assert (owner.count, owner.values) == (3, {"count": 3})


def test_nepi_s_form_says_the_name_first() -> None:
    attribute = Attribute("count", "how many", type=Types.Integer, default=3, range=(1, 9))

    assert (attribute.name, attribute.help, attribute.type) == ("count", "how many", Types.Integer)
    assert (attribute.default, attribute.range) == (3, (1, 9))


def test_nepi_s_form_is_a_string_unless_it_says_otherwise() -> None:
    assert Attribute("name", "").type is Types.String


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (str, Types.String),
        (bool, Types.Bool),
        (int, Types.Integer),
        (float, Types.Double),
        (Types.Duration, Types.Duration),
    ],
)
def test_a_python_type_declares_a_type(given: Any, expected: Types) -> None:
    assert Attribute(given).type is expected


def test_a_declared_attribute_is_set_before_deployment_only() -> None:
    assert Attribute(int).when == "before deployment"
    assert Attribute(int, live=True).when == "always"
    assert Attribute(int, flags=Flags.NoWrite).when == "never"


def test_an_attribute_in_nepi_s_form_is_settable_always() -> None:
    assert Attribute("count", "").when == "always"
    assert Attribute("count", "", flags=Flags.Design).when == "before deployment"


def test_choices_make_a_string_an_enumeration() -> None:
    assert Attribute(str, choices=("a", "b")).type is Types.Enumerate
    assert Attribute("x", "", type=Types.Enumerate, allowed=["a", "b"]).allowed == ("a", "b")


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Attribute(int, default="many"),
        lambda: Attribute(int, min=1, default=0),
        lambda: Attribute(str, choices=("a", "b"), default="c"),
        lambda: Attribute("x", "", type=Types.Double, range=(0, 1), default=2),
    ],
)
def test_a_default_that_would_be_refused_is_refused(declare: Any) -> None:
    with pytest.raises(BadValue):
        declare()


# -- flags ---------------------------------------------------------------------------------------


def test_flags_have_the_numbers_of_nepi() -> None:
    assert [int(flag) for flag in (Flags.NoRead, Flags.NoWrite, Flags.Design, Flags.Construct)] == [
        1, 2, 4, 8,
    ]  # fmt: skip
    assert [int(f) for f in (Flags.Credential, Flags.Filter, Flags.Reserved, Flags.Global)] == [
        20, 36, 64, 128,
    ]  # fmt: skip


def test_has_a_flag_only_with_all_its_bits() -> None:
    design = Attribute("x", "", flags=Flags.Design)
    secret = Attribute("x", "", flags=Flags.Credential)

    assert not design.has_flag(Flags.Credential)
    assert secret.has_flag(Flags.Credential)
    assert secret.has_flag(Flags.Design)


# -- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Types.String, "x y", "x y"),
        (Types.String, "", ""),
        (Types.Bool, "true", True),
        (Types.Bool, "No", False),
        (Types.Bool, "on", True),
        (Types.Bool, 0, False),
        (Types.Bool, True, True),
        (Types.Integer, " 42 ", 42),
        (Types.Integer, -1, -1),
        (Types.Integer, 3.0, 3),
        (Types.Double, "0.5", 0.5),
        (Types.Double, 2, 2.0),
        (Types.Duration, "250ms", 0.25),
        (Types.Rate, "10mbit", 1e7),
        (Types.Size, "64kB", 64_000),
        (Types.Percent, "5%", 5.0),
        (Types.Integer, None, None),
    ],
)
def test_reads_a_value_of_its_type(kind: Types, text: object, value: object) -> None:
    parsed = Attribute(kind).parse(text)

    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Types.String, 5),
        (Types.Bool, "banana"),
        (Types.Bool, 2),
        (Types.Integer, "4.5"),
        (Types.Integer, 4.5),
        (Types.Integer, True),
        (Types.Integer, float("inf")),
        (Types.Integer, "many"),
        (Types.Integer, [1]),
        (Types.Double, "x"),
        (Types.Double, float("nan")),
        (Types.Double, "inf"),
        (Types.Double, True),
        (Types.Duration, "10 sec"),
        (Types.Rate, "10mb"),
        (Types.Size, "big"),
        (Types.Percent, "101%"),
    ],
)
def test_refuses_a_value_of_another_type(kind: Types, text: object) -> None:
    attribute = Attribute("x", "", type=kind)

    with pytest.raises(BadValue, match=r"^x: "):
        attribute.parse(text)
    assert not attribute.is_valid_value(text)


def test_an_integer_with_a_range_stays_an_integer() -> None:
    value = Attribute("x", "", type=Types.Integer, range=(0, 10)).parse("7")

    assert (value, type(value)) == (7, int)


@pytest.mark.parametrize(("value", "valid"), [(0, False), (1, True), (9, True), (10, False)])
def test_bounds_are_inclusive(value: int, valid: bool) -> None:
    assert Owner.count.is_valid_value(value) is valid


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        (Owner.count, 0, "count: '0' is less than 1"),
        (Owner.count, 10, "count: '10' is more than 9"),
        (Owner.count, "x", "count: 'x' is not an integer; write digits, as in 42"),
        (
            Attribute("gap", "", type=Types.Duration, max=2),
            "3s",
            "gap: '3s' is more than 2s",
        ),
        (
            Attribute("mode", "", allowed=("tcp", "udp")),
            "tpc",
            "mode: 'tpc' is not one of tcp, udp; did you mean 'tcp'?",
        ),
    ],
)
def test_says_which_value_was_wrong(attribute: Attribute, value: object, message: str) -> None:
    with pytest.raises(BadValue) as caught:
        attribute.parse(value)
    assert str(caught.value) == message


@pytest.mark.parametrize("bound", [0.0, 0])
def test_a_bound_of_zero_is_a_bound(bound: float) -> None:
    assert not Attribute(float, min=bound).is_valid_value(-0.1)
    assert not Attribute(float, max=bound).is_valid_value(0.1)


@given(
    st.one_of(
        st.tuples(st.just(Types.String), st.text()),
        st.tuples(st.just(Types.Bool), st.booleans()),
        st.tuples(st.just(Types.Integer), st.integers()),
        st.tuples(st.just(Types.Double), st.floats(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just(Types.Size), st.integers(0, 2**50)),
        st.tuples(st.just(Types.Rate), st.integers(0, 10**12).map(float)),
    )
)
def test_what_is_formatted_reads_back_as_the_same_value(case: tuple[Types, Any]) -> None:
    kind, value = case
    attribute = Attribute(kind)

    assert attribute.parse(attribute.format(value)) == value


def test_no_value_is_no_text() -> None:
    assert Attribute(int).format(None) == ""
