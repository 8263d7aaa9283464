from xml.etree import ElementTree as Xml

from nepishell.campaigns.charts import Chart, Dot, Series, draw, steps, svg
from nepishell.output.style import Style

CHART = Chart(
    "p.rtt, mean",
    "delay",
    [(0.005, "5ms"), (0.02, "20ms")],
    [
        Series("cc=<bbr>", [Dot(0.005, 10.0, 9.0, 11.0), Dot(0.02, 40.0, 36.0, 44.0)]),
        Series("cc=cubic", [Dot(0.005, 12.0, 12.0, 12.0)]),
    ],
    lambda value: f"{value:g}ms",
)


def test_a_chart_in_text_has_marks_bars_ticks_and_a_legend() -> None:
    lines = draw(CHART, Style(glyphs=False, width=40)).split("\n")

    assert lines[0] == "p.rtt, mean"
    assert lines[-2:] == ["o cc=<bbr>", "x cc=cubic"]
    assert sum(line.count("o") for line in lines[1:-2]) == 2
    assert any("5ms" in line and "20ms" in line for line in lines)
    assert max(map(len, lines)) <= 40


def test_a_chart_of_one_point_can_be_drawn() -> None:
    one = CHART._replace(ticks=[(1.0, "as it is")], series=[Series("", [Dot(1.0, 3.0, 3.0, 3.0)])])

    assert "●" in draw(one, Style(glyphs=True))
    Xml.fromstring(svg(one))


def test_the_picture_is_xml_with_a_dot_for_each_mean_and_its_numbers() -> None:
    tree = Xml.fromstring(svg(CHART))
    tips = [title.text for title in tree.iter("{http://www.w3.org/2000/svg}title")]

    assert tips == [
        "cc=<bbr> 10ms (9ms to 11ms)", "cc=<bbr> 40ms (36ms to 44ms)",
        "cc=cubic 12ms (12ms to 12ms)",
    ]  # fmt: skip


def test_the_steps_of_an_axis_are_round_numbers() -> None:
    assert steps(0.0, 44.0, 4) == [0.0, 20.0, 40.0]
    assert steps(0.9, 1.1, 4) == [0.9, 0.9500000000000001, 1.0, 1.05, 1.1]
