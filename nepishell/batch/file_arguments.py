"""What `check`, `fmt` and `import` take: the command lines that work on files and run nothing."""

import argparse
from collections.abc import Sequence

from nepishell.batch.arguments import OneLineParser

_STATUS = "exit status: 0 nothing wrong, 2 something is, or a file cannot be read"


def check_parser() -> argparse.ArgumentParser:
    """What `nepishell check` takes."""
    made = OneLineParser(
        prog="nepishell check",
        allow_abbrev=False,
        description="Tell everything that is wrong with recipes, and run nothing.",
        epilog=_STATUS,
    )
    made.add_argument(
        "files", metavar="FILE", nargs="+", help="a recipe, by path or shipped name; - for stdin"
    )
    made.add_argument("--json", action="store_true",
                      help="one object per problem and line, for editors")  # fmt: skip
    made.add_argument("--param", metavar="NAME=VALUE", action="append", default=[],
                      help="give a parameter of the recipes another value")  # fmt: skip
    made.add_argument("--as", metavar="FILE", dest="name", default="",
                      help="the file that standard input is the text of")  # fmt: skip
    return made


def fmt_parser() -> argparse.ArgumentParser:
    """What `nepishell fmt` takes."""
    made = OneLineParser(
        prog="nepishell fmt",
        allow_abbrev=False,
        description="Write recipes in their one spelling: one blank between words, blocks "
        "indented. What is aligned stays aligned, comments and lines stay.",
        epilog="exit status: 0 done, 1 --check found something to change, 2 a file cannot be read",
    )
    made.add_argument(
        "files", metavar="FILE", nargs="+", help="a recipe; - for stdin, which goes to stdout"
    )
    made.add_argument("--check", action="store_true",
                      help="change nothing, say which would change")  # fmt: skip
    made.add_argument("--diff", action="store_true",
                      help="change nothing, print what would change")  # fmt: skip
    return made


def import_parser(kinds: Sequence[str]) -> argparse.ArgumentParser:
    """What `nepishell import` takes."""
    made = OneLineParser(
        prog="nepishell import",
        allow_abbrev=False,
        description="Make a recipe of a network that was described for Mininet, containerlab or "
        "Kathará. Nothing in it is run; what cannot be carried over is listed.",
        epilog=_STATUS,
    )
    made.add_argument(
        "file",
        metavar="FILE|FOLDER",
        help="a Mininet script, session or topology in Python, NAME.clab.yml, or a lab.conf",
    )
    made.add_argument("-o", metavar="FILE.nepi", dest="output", default="",
                      help="write it here (default: standard output)")  # fmt: skip
    made.add_argument("--from", dest="kind", choices=kinds, default="",
                      help="what the file is for (default: by its name)")  # fmt: skip
    return made
