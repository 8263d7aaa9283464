"""What the command lines of batch take. Imports nothing heavy: a shell's Tab waits for it."""

import argparse
from typing import NoReturn

from nepishell.batch.exits import Exit


class OneLineParser(argparse.ArgumentParser):
    """Tells of wrong arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(Exit.USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def parser_for(prog: str, *, file: bool) -> OneLineParser:
    """The parser of `nepishell run FILE`, or, without *file*, of `nepishell -c LINES`."""
    parser = OneLineParser(prog=prog, allow_abbrev=False, description=_DESCRIPTION,
                           epilog=_EPILOG,
                           formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    if file:
        parser.add_argument("file", metavar="FILE", help="a recipe, by path or shipped name")
        parser.add_argument("--check", action="store_true", help="check the recipe, run nothing")
        parser.add_argument("--help-params", action="store_true",
                            help="list the parameters of the recipe, run nothing")  # fmt: skip
        _add_modes(parser)
    else:
        parser.add_argument("-c", metavar="LINES", dest="lines", help="play these commands")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[],
                        help="give a parameter of the recipe another value")  # fmt: skip
    parser.add_argument("--json", action="store_true",
                        help="print each result as one line of JSON")  # fmt: skip
    parser.add_argument("--keep", action="store_true",
                        help="do not release at the end, but when interrupted")  # fmt: skip
    parser.add_argument("--keep-going", action="store_true", help="go on after an error")
    parser.add_argument(
        "--yes", action="store_true", help="let commands that destroy something do so"
    )
    parser.add_argument("--plain", action="store_true",
                        help="no colours, nothing painted over, also on a terminal")  # fmt: skip
    parser.add_argument("--seed", type=int, help="of everything random in the run")
    parser.add_argument("-v", "--verbose", action="store_true",
                        help="also say what each command did")  # fmt: skip
    return parser


def _add_modes(parser: argparse.ArgumentParser) -> None:
    """How a recipe may be played otherwise than at once and to its end."""
    modes = parser.add_argument_group("ways to play it")
    modes.add_argument("--dry", action="store_true",
                       help="predict what would happen when, and build nothing")  # fmt: skip
    modes.add_argument("--step", action="store_true", help="ask before each line")
    modes.add_argument("--until", metavar="LABEL|LINE",
                       help="end before 'label LABEL:', or before a line")  # fmt: skip
    modes.add_argument("--timed", action="store_true",
                       help="keep the gaps of a recipe that 'recipe save' wrote")  # fmt: skip
    modes.add_argument("--speed", type=float, metavar="N",
                       help="of --timed: gaps N times as short")  # fmt: skip
    modes.add_argument("--leave", action="store_true",
                       help="when it fails, leave all as it is, for --resume")  # fmt: skip
    modes.add_argument("--resume", action="store_true",
                       help="go on where it failed; implies --leave")  # fmt: skip
    modes.add_argument("--summary", action="store_true",
                       help="say in the end what came of it, also without a terminal")  # fmt: skip
    modes.add_argument("--quiet", action="store_true",
                       help="no progress and no summary")  # fmt: skip


_DESCRIPTION = "Play commands, release what they built, and tell by the exit status how it went."
_EPILOG = """\
exit status: 0 done, 1 the experiment failed, 2 usage or syntax, 3 timeout, 130 interrupted
results go to standard output, messages to standard error"""


def runs_parser() -> argparse.ArgumentParser:
    """What `nepishell runs` takes."""
    made = argparse.ArgumentParser(
        prog="nepishell runs",
        allow_abbrev=False,
        description="List the runs kept on this machine: running, ended, or orphaned.",
    )
    made.add_argument("experiment", nargs="?", default="", help="only those of this experiment")
    made.add_argument("--json", action="store_true", help="print them as one line of JSON")
    return made


def compare_parser() -> argparse.ArgumentParser:
    """What `nepishell compare` takes."""
    made = OneLineParser(
        prog="nepishell compare",
        allow_abbrev=False,
        description="What is different between runs: graph, order and times of events, numbers "
        "with intervals of confidence.",
    )
    made.add_argument("runs", metavar="RUN", nargs="+",
                      help="its id, the beginning of it, its experiment, or a bundle")  # fmt: skip
    made.add_argument("--json", action="store_true", help="print them as one line of JSON")
    return made


def resume_parser() -> argparse.ArgumentParser:
    """What `nepishell resume` takes."""
    made = OneLineParser(
        prog="nepishell resume",
        allow_abbrev=False,
        description="Go on with a run whose controller was killed, at a prompt or with commands.",
    )
    made.add_argument("run", nargs="?", default="", help="its id or experiment (default: the last)")
    made.add_argument("-c", metavar="LINES", dest="lines", help="play these commands, no prompt")
    made.add_argument("--file", metavar="FILE", help="play this recipe, no prompt")
    made.add_argument(
        "--late",
        choices=("run", "skip", "fail"),
        default="run",
        help="what becomes of actions that were due meanwhile (default: run them now)",
    )
    made.add_argument("--json", action="store_true", help="print each result as one line of JSON")
    made.add_argument("--keep", action="store_true",
                      help="do not release at the end, but when interrupted")  # fmt: skip
    made.add_argument("--keep-going", action="store_true", help="go on after an error")
    made.add_argument("--yes", action="store_true", help="let commands that destroy do so")
    return made


def clean_parser() -> argparse.ArgumentParser:
    """What `nepishell clean` takes."""
    made = OneLineParser(
        prog="nepishell clean",
        allow_abbrev=False,
        description="Release what runs whose controller was killed have left, and only that.",
    )
    made.add_argument("run", nargs="?", default="", help="its id or experiment (default: all)")
    return made


def export_parser() -> argparse.ArgumentParser:
    """What `nepishell export` takes."""
    made = OneLineParser(
        prog="nepishell export",
        allow_abbrev=False,
        description="Write a run into one file that is handed over: recipe, journal, traces, "
        "numbers, versions, checksums. Values of secret attributes are not in it.",
    )
    made.add_argument("run", metavar="RUN", help="its id, the beginning of it, or its experiment")
    made.add_argument("file", metavar="FILE.zip", help="the file to write; it must not exist yet")
    return made


def open_parser() -> argparse.ArgumentParser:
    """What `nepishell open` takes."""
    made = OneLineParser(
        prog="nepishell open",
        allow_abbrev=False,
        description="Look at a run that was handed over as a file, or at one that is kept here. "
        "Nothing of it is executed; 'nepishell run FILE.zip' does what it did again.",
    )
    made.add_argument(
        "file", metavar="FILE.zip", help="what 'nepishell export' wrote; or the id of a run"
    )
    made.add_argument(
        "-c", metavar="LINES", dest="lines", help="look with these commands, no prompt"
    )
    made.add_argument("--json", action="store_true", help="print each result as one line of JSON")
    return made
