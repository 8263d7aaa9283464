"""What `nepishell lab` takes. Imports nothing heavy: a shell's Tab waits for it."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

USAGE = 2
#: What is served here, and what for.
VERBS: Mapping[str, str] = {
    "list": "the labs that ship",
    "check": "do one submission again and show which checks hold",
    "grade": "do submissions again, and write a report",
    "variants": "write for each student the file with which to start",
    "hash": "what stands in lab.toml for an answer: read from standard input",
}
#: What others serve, with all the words behind it: name -> "module:function".
ELSEWHERE: dict[str, str] = {
    "new": "nepishell.labs.teacher.main:new",
    "lint": "nepishell.labs.teacher.main:lint_",
    "pack": "nepishell.labs.teacher.main:pack_",
    "selftest": "nepishell.labs.teacher.main:selftest",
    "watch": "nepishell.labs.teacher.watching:watch",
}

_DESCRIPTION = "Teaching labs outside of a prompt. At the prompt: lab list, then lab start NAME."


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def lab_parser() -> argparse.ArgumentParser:
    """The parser; what is to be served is the attribute `verb`."""
    more = f"also: {', '.join(ELSEWHERE)}; see 'nepishell lab WHAT --help'" if ELSEWHERE else ""
    parser = _Parser(
        prog="nepishell lab", allow_abbrev=False, description=_DESCRIPTION, epilog=more
    )
    verbs = parser.add_subparsers(metavar="WHAT", dest="verb", required=True, parser_class=_Parser)
    made = {
        name: verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
        for name, text in VERBS.items()
    }
    for name in ("list", "check", "grade"):
        made[name].add_argument("--json", action="store_true", help="print it as JSON")
    for name in ("check", "grade"):
        made[name].add_argument("--lab", default="", help="its folder, where it does not ship")
    made["check"].add_argument("file", metavar="FILE.zip", type=Path,
                               help="what 'lab submit' wrote")  # fmt: skip
    _grade(made["grade"])
    made["variants"].add_argument("lab", metavar="LAB")
    for name in ("key", "roster", "out"):
        made["variants"].add_argument(f"--{name}", type=Path, required=True)
    return parser


def _grade(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE.zip", type=Path, nargs="+")
    parser.add_argument("--key", metavar="FILE", type=Path, help="the course key")
    parser.add_argument("--roster", metavar="FILE", type=Path, help="students, one on each line")
    parser.add_argument("--jobs", metavar="N", type=_jobs, default=2, help="at a time (default: 2)")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for the report")


def _jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 64")
    return int(text)
