"""A large recipe as people write them, checked; or read by what only parts it: ast, shlex."""

import ast
import json
import shlex
import sys
import time
from collections.abc import Iterator
from itertools import islice

from nepishell.replay.check import check
from nepishell.replay.recipe import Recipe


def lines() -> Iterator[str]:
    """Hosts in a row, each with a link, a measurement, a program, and something that waits."""
    yield from ("param delay 5ms", "param rate 10mbit", "add netns::Node h0")
    number = 0
    while True:
        number += 1
        yield from (
            f"add netns::Node h{number}",
            f"add netns::Link l{number} delay=${{delay}} rate=${{rate}}",
            f"connect h{number} l{number} h{number - 1}",
            f"set l{number} loss 1%",
            f"add linux::Ping p{number} on h{number} target=h{number - 1} count=5 interval=200ms",
            f'add linux::Application a{number} on h{number} command="sleep 1"',
            f"set p{number} size=100",
            f"when a{number} STARTED +500ms start p{number}  # one after the other",
        )


def main() -> None:
    side, count = sys.argv[1], int(sys.argv[2])
    text = "\n".join(islice(lines(), count))
    calls = "\n".join(
        f"add('netns::Link', 'l{number}', delay=delay, rate=rate)" for number in range(count)
    )
    recipe = Recipe("bench.nepi", text)
    began = time.process_time()
    if side == "ast":
        ast.parse(calls)
    elif side == "shlex":
        for line in text.splitlines():
            shlex.split(line, comments=True)
    else:
        checked = check(recipe, {})
        assert not checked.problems, checked.problems
    found = {"lines": count / (time.process_time() - began)}
    began = time.process_time()
    for _ in recipe.statements():
        pass
    print(json.dumps({**found, "parted": count / (time.process_time() - began)}))


if __name__ == "__main__":
    main()
