"""The little of Python that topologies are written with."""

import ast

import pytest

from nepishell.replay.foreign.arithmetic import UNKNOWN, value_of


def valued(text: str) -> object:
    known = {"n": 3, "names": ["a", "b"], "d": {"x": 1}}
    return value_of(ast.parse(text, mode="eval").body, known, lambda call, known: UNKNOWN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * n - 7 // 2", 4),
        ("n % 2", 1),
        ("'h%s-%d' % (n, 4)", "h3-4"),
        ("'h%d' % n", "h3"),
        ("f'h{n}x'", "h3x"),
        ("'{}-{}'.format(n, 'a')", "3-a"),
        ("'{1}{0}'.format(1, 2)", "21"),
        ("'a' + str(n)", "a3"),
        ("int('7')", 7),
        ("range(1, n)", [1, 2]),
        ("len(names)", 2),
        ("[f'h{i}' for i in range(2)]", ["h0", "h1"]),
        ("enumerate(names)", [[0, "a"], [1, "b"]]),
        ("zip(names, [1, 2])", [["a", 1], ["b", 2]]),
        ("names[-1]", "b"),
        ("d['x']", 1),
        ("dict(bw=n)", {"bw": 3}),
        ("-n", -3),
        ("n > 2", True),
        ("'y' if n == 3 else 'z'", "y"),
    ],
)
def test_what_can_be_told_is_told(text: str, value: object) -> None:
    assert valued(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "open('/etc/passwd')",
        "__import__('os').system('touch x')",
        "n ** n",
        "'%99999999d' % n",
        "'{:>99999999}'.format(n)",
        "f'{n:>99999999}'",
        "'x' * 999999999",
        "[1] * 999999999",
        "range(10 ** 9)",
        "range(999999999)",
        "999999999 * 999999999",
        "names[9]",
        "d['y']",
        "1 / 0",
        "int('x')",
        "lambda: 1",
        "'%s %s' % n",
        "'{}'.format()",
        "{[]: 1}",
    ],
)
def test_anything_else_is_unknown_and_nothing_happens(text: str) -> None:
    assert valued(text) is UNKNOWN
