"""`python -m bench [name...] [--json]`: measure and print, one line per figure.

Those that last run only when they are named; `soak:60` is a soak of 60 seconds.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from tabulate import tabulate

from bench.figure import Figure, row

#: name -> module with measure(); the order in which they run
BENCHES = {
    "graph": "bench.graph",
    "latency": "bench.latency",
    "tasks": "bench.tasks",
    "startup": "bench.startup",
    "prompt": "bench.prompt",
    "keystroke": "bench.keystroke",
    "echo": "bench.echo",
    "spawn": "bench.spawn",
    "lab": "bench.lab",
    "link": "bench.link",
    "ssh": "bench.ssh",
    "allocation": "bench.allocation",
    "topology": "bench.topology",
    "journal": "bench.journal",
    "recipes": "bench.recipes",
    "resume": "bench.resume",
    "formats": "bench.formats",
    "labs": "bench.labs",
    "campaign": "bench.campaign",
    "cut": "bench.cut",
    "fuzz": "bench.fuzz",
    "soak": "bench.soak",
}
#: not run unless they are named; their measure() takes how long, or how many
LASTING = frozenset({"campaign", "cut", "fuzz", "soak"})
HEADERS = ("figure", "unit", "ours", "theirs", "ratio", "target", "", "")


def load(name: str) -> Callable[..., list[Figure]]:
    """The measure() of one bench, imported only when asked for."""
    measure: Callable[..., list[Figure]] = import_module(BENCHES[name]).measure
    return measure


def run(names: list[str]) -> list[Figure]:
    """All figures of *names*, in order; says on stderr what is being measured."""
    figures = []
    for wanted in names:
        print(f"measuring {wanted} ...", file=sys.stderr, flush=True)
        name, _, amount = wanted.partition(":")
        figures += load(name)(*([int(amount)] if amount else []))
    return figures


def _name(text: str) -> str:
    name, colon, amount = text.partition(":")
    if name not in BENCHES or (colon and (name not in LASTING or not amount.isdecimal())):
        known = ", ".join(BENCHES)
        raise argparse.ArgumentTypeError(f"'{text}' is not one of {known}; soak:60 is shorter")
    return text


def main(argv: list[str] | None = None) -> int:
    """Print the figures; 0 whatever they are."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", type=_name, metavar="name")
    parser.add_argument("--json", action="store_true", help="one object per line")
    options = parser.parse_args(argv)
    figures = run(options.names or [name for name in BENCHES if name not in LASTING])
    if options.json:
        for figure in figures:
            print(json.dumps({**asdict(figure), "ratio": figure.ratio, "met": figure.met}))
    else:
        print(tabulate([row(figure) for figure in figures], HEADERS, disable_numparse=True))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
