"""Speeds and delays as maps write them."""

import pytest

from nepishell.topologies.speeds import delay_of, rate_of, speed, weight_of


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10 Gbps", 1e10),
        ("<2.5 Gbps", 2.5e9),
        ("2,5 Gbit/s", 2.5e9),
        ("155 Mb/s", 155e6),
        ("34-155 Mbit/s", 34e6),
        ("45Mbps & 155Mbps", 45e6),
        ("10GE", 1e10),
        ("10 Gigabit", 1e10),
        ("2.5G", 2.5e9),
        ("64k", 64e3),
        ("OC-192c", 192 * 51.84e6),
        ("STM-16", 16 * 155.52e6),
        ("T3", 44.736e6),
        ("GigE", 1e9),
        ("Low Bandwidth", None),
        ("Lit Fibre", None),
        ("", None),
        ("0 Gbps", None),
    ],
)
def test_a_speed_that_is_text(text: str, rate: float | None) -> None:
    assert speed(text) == (pytest.approx(rate) if rate else None)


@pytest.mark.parametrize(
    ("data", "rate"),
    [
        ({"linkspeedraw": 1e9, "linklabel": "10 Gbps"}, 1e9),
        ({"linkspeed": "2.5", "linkspeedunits": "G"}, 2.5e9),
        ({"linkspeed": 155, "linkspeedunits": "M"}, 155e6),
        ({"linklabel": "10 Gbps"}, 1e10),
        ({"bandwidth": 1e6}, 1e6),
        ({"label": 100}, None),
        ({"linktype": "Fibre"}, None),
        ({"linkspeedraw": -1.0}, None),
        ({}, None),
    ],
)
def test_the_rate_of_an_edge(data: dict[str, object], rate: float | None) -> None:
    assert rate_of(data) == rate  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "delay"),
    [
        ({"delay": "5ms"}, (0.005, False)),
        ({"latency": 5}, (0.005, True)),
        ({"delay": "soon"}, (None, False)),
        ({"delay": -1}, (None, False)),
        ({}, (None, False)),
    ],
)
def test_the_delay_of_an_edge(data: dict[str, object], delay: tuple[float | None, bool]) -> None:
    assert delay_of(data) == delay  # type: ignore[arg-type]


def test_the_weight_of_an_edge() -> None:
    assert [weight_of(data) for data in ({"weight": 3}, {"cost": 2.5}, {"weight": -1}, {})] == [
        3.0, 2.5, None, None,
    ]  # fmt: skip
