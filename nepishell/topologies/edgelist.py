"""Edge lists: one edge per line, two names and what is known of it.

    a b              a,b,5ms            a b {'delay': '5ms'}        a b delay=5ms rate=10mbit
A third word without a name is a weight, or a delay when it has a unit of time.
"""

import re

from nepishell.topologies.rawgraph import (
    BadGraph,
    RawEdge,
    RawGraph,
    Scalar,
    lines_of,
    number_or_text,
    shown,
)

_PAIR = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"{}]+))""")
_TIME = re.compile(r"[\d.]+\s?(?:[nuµm]?s|[mh])")
#: The names of columns, where the first line has them.
_HEADS = {("source", "target"), ("from", "to"), ("src", "dst"), ("node1", "node2")}


def read_edgelist(text: str) -> RawGraph:
    """The graph of a list of edges, or of one name per line; raises BadGraph."""
    graph = RawGraph()
    heads: list[str] = []
    for number, line in lines_of(text):
        data, rest = _dict(line.partition("#")[0])
        words = [word.strip().strip('"') for word in re.split(r"[,;\t]" if _is_table(rest) else
                                                              r"\s+", rest.strip())]  # fmt: skip
        if words in ([""], []):
            continue
        if not heads and not graph.nodes and tuple(w.lower() for w in words[:2]) in _HEADS:
            heads = [word.lower() for word in words]
            continue
        if "" in words[:2]:
            raise BadGraph(number, f"'{shown(line)}' names no two nodes")
        for word in words[:2]:
            graph.node(word)
        if len(words) > 1:
            data.update(_more(words[2:], heads[2:], number))
            graph.edges.append(RawEdge((words[0], words[1]), data))
    if not graph.nodes:
        raise BadGraph(0, "there is no edge in it; write two names in each line")
    return graph


def _is_table(line: str) -> bool:
    return bool(re.search(r"[,;\t]", line))


def _dict(line: str) -> tuple[dict[str, Scalar], str]:
    """What networkx writes behind an edge, and the line without it."""
    begin, end = line.find("{"), line.rstrip().endswith("}")
    if begin < 0 or not end:
        return {}, line
    pairs = _PAIR.findall(line[begin + 1 :])
    values = {
        key.lower(): number_or_text((one or two or three).strip()) for key, one, two, three in pairs
    }
    return values, line[:begin]


def _more(words: list[str], heads: list[str], number: int) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if index < len(heads):
            if word:
                found[heads[index]] = number_or_text(word)
        elif equals:
            found[name.lower()] = number_or_text(value)
        elif _TIME.fullmatch(word):
            found["delay"] = word
        elif isinstance(number_or_text(word), int | float):
            found.setdefault("weight", number_or_text(word))
        elif word:
            raise BadGraph(number, f"'{shown(word)}' is neither name=value nor a number")
    return found
