"""Names in texts become values; what has none stays."""

from nepishell.labs.texts import fill, names_in, unknown_names

VALUES = {"net": "10.3.0.0/24", "delay": "5ms"}


def test_values_are_put_in_place_of_their_names() -> None:
    assert fill("2*${delay} ${net} ${other}", VALUES) == "2*5ms 10.3.0.0/24 ${other}"


def test_a_host_of_a_network_is_named_by_its_number() -> None:
    assert fill("${net.1} ${net.254} ${net.256} ${delay.1}", VALUES) == (
        "10.3.0.1 10.3.0.254 ${net.256} ${delay.1}"
    )


def test_two_signs_are_one_that_stays() -> None:
    assert fill("$${delay}", VALUES) == "${delay}"
    assert names_in("$${a} ${b} ${c.1}") == {"b", "c"}


def test_unknown_names_are_found_with_their_place() -> None:
    assert list(unknown_names("x\n ${nope}", VALUES)) == [("2:2", "nope")]
