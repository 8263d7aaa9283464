"""Files of graphs that nobody wrote: one line that says what is wrong, or a map; never more."""

from pathlib import Path
from random import Random

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.ids import check_label
from nepishell.topologies.atlas import read_map
from nepishell.topologies.model import NetworkMap

DATA = Path(__file__).parent.parent / "topologies" / "data"
GML = (DATA / "Abilene.gml").read_text()
GRAPHML = """<graphml><key id="d" for="node" attr.name="label"/><graph edgedefault="undirected">
<node id="a"><data key="d">A</data></node><node id="b"/><edge source="a" target="b"/>
<hyperedge><endpoint node="a"/><endpoint node="b"/></hyperedge></graph></graphml>"""
DOT = 'graph G { node [x=1]; a [label="A\\n1"]; a -- {b c} [delay=5ms]; subgraph s { d } c -> d:p }'
EDGES = "# x\na b 5ms\nb c {'weight': 3}\nc,d,1\nsource target\na d rate=1mbit\n"
SAMPLES = {"x.gml": GML, "x.graphml": GRAPHML, "x.dot": DOT, "x.edges": EDGES, "x": GML}
PIECES = ['"', "[", "]", "{", "}", "<", ">", "\0", "\n", "-1e999", "nan", "é", "\u202e",
          "--", "=", "9" * 400, "node", "edge", "id", "&#x110000;", "&",
          "<!DOCTYPE a>", "'", "\\"]  # fmt: skip


def read(path: Path) -> tuple[NetworkMap | None, str]:
    """The map of a file, or what is said about it."""
    try:
        return read_map(path), ""
    except NepishellError as problem:
        return None, str(problem)


def spoilt(text: str, random: Random) -> str:
    """The text with pieces taken out, doubled, swapped and put in."""
    for _ in range(random.randint(1, 6)):
        one, two = sorted(random.randrange(len(text) + 1) for _ in "12")
        two = min(two, one + 200)
        piece = random.choice([*PIECES, text[one:two]])
        at = random.randrange(len(text) + 1)
        text = random.choice([
            text[:one] + text[two:], text[:at] + piece + text[at:], text[:one] + piece + text[two:],
            text[:at],
        ])  # fmt: skip
    return text


@pytest.mark.parametrize("name", SAMPLES)
def test_a_spoilt_file_is_a_map_or_an_error_of_one_line(tmp_path: Path, name: str) -> None:
    random, path = Random(7), tmp_path / name
    good = 0
    for _ in range(150):
        text = spoilt(SAMPLES[name], random)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        found, problem = read(path)
        assert problem.isprintable(), text
        assert len(problem) < 400, text
        if found is not None:
            good += 1
            assert len({check_label(place.name) for place in found.places}) == len(found.places)
            assert all(0 <= end < len(found.places) for c in found.cables for end in c[:2])
    assert 0 < good < 150


@pytest.mark.parametrize("name", SAMPLES)
def test_noise_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    random, path = Random(8), tmp_path / name
    for _ in range(100):
        path.write_bytes(random.randbytes(random.randint(0, 300)))
        assert read(path)[1].isprintable()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.gml", "graph [ " + "a [ " * 100_000),
        ("x.gml", "graph [ " + "node [ id 1 ] " * 50_000),
        ("x.gml", '"' * 1_000_001),
        ("x.dot", "graph {" + "{" * 100_000),
        ("x.dot", "graph { a" + " -- a" * 60_000),
        ("x.dot", "graph { a [x=" + "<" * 100_000),
        ("x.graphml", "<graph>" + "<a>" * 50_000),
        ("x.edges", "a b " + "{" * 100_000),
        ("x.edges", "a b {" + "'" * 30_000 + "}"),
        ("x.edges", " " * 200_000 + "x"),
    ],
)
def test_what_is_deep_long_or_all_alike_neither_hangs_nor_breaks(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert read(path)[1].isprintable()
