"""What `nepishell campaign` takes. Imports nothing heavy: a shell's Tab waits for it."""

import argparse
from typing import NoReturn

#: verb -> what it does; any other first word is a recipe or a file of a campaign
VERBS = {
    "status": "how a campaign stands",
    "resume": "go on with one that was stopped",
    "retry": "have runs done once more",
    "compare": "points with each other, or with those of another campaign",
    "open": "look at one of its runs, read-only",
    "plot": "a chart for a metric",
    "export": "write its table into a file",
}
_EPILOG = """\
examples:
  nepishell campaign quickstart --param delay=5ms,20ms,100ms --param rate=1mbit,10mbit --repeat 10
  nepishell campaign quickstart --random delay=1ms..50ms --draws 20
  nepishell campaign quickstart --param delay=5ms,50ms --until probe.rtt.min=2% --max 20
  nepishell campaign sweep.toml --jobs 2

afterwards, of the newest campaign below ./campaigns or of a folder that is named:
  nepishell campaign status | resume | retry failed | compare | open KEY
  nepishell campaign plot METRIC | export FILE.csv

exit status: 0 every run has a result, 1 some have none, 2 usage, 130 interrupted"""


class Parser(argparse.ArgumentParser):
    """One line for an error, as everywhere."""

    def error(self, message: str) -> NoReturn:
        """One line, and status 2."""
        self.exit(2, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def _made(prog: str, description: str, epilog: str = "") -> Parser:
    return Parser(prog=prog, description=description, epilog=epilog, allow_abbrev=False,
                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip


def run_parser() -> Parser:
    """What `nepishell campaign FILE` takes."""
    made = _made(
        "nepishell campaign",
        "Run one recipe many times, with other values or with the same, until nothing is missing.",
        _EPILOG,
    )
    made.add_argument("file", metavar="FILE", help="a recipe, or FILE.toml that says all of this")
    _axes(made)
    made.add_argument("--repeat", type=int, metavar="N", help="runs of each point (default 1)")
    _until(made)
    made.add_argument("--seed", type=int, help="of the order, of what is drawn, and of each run")
    made.add_argument("--order", choices=("shuffled", "given"), help="of the runs")
    made.add_argument("--metric", action="append", default=[], metavar="NAME",
                      help="a number to take at the end, as in probe.rtt.p95")  # fmt: skip
    made.add_argument("--timeout", metavar="TIME", help="end a run that takes longer, as in 5m")
    made.add_argument("--tries", type=int, metavar="N",
                      help="how often a run is begun that is lost (default 3)")  # fmt: skip
    made.add_argument("--yes", action="store_true", help="let recipes destroy what they destroy")
    made.add_argument("--out", metavar="DIR", help="where it is kept (default campaigns/NAME)")
    made.add_argument("--dry", action="store_true", help="check everything, list the runs")
    _places(made)
    return made


def _axes(made: Parser) -> None:
    made.add_argument("--param", action="append", default=[], metavar="NAME=A,B,C",
                      help="every value, with every value of the others")  # fmt: skip
    made.add_argument("--zip", action="append", default=[], metavar="NAME=A,B,C",
                      help="values side by side with those of other --zip")  # fmt: skip
    made.add_argument("--point", action="append", default=[], metavar="NAME=A,NAME=B",
                      help="one point as it is")  # fmt: skip
    made.add_argument("--random", action="append", default=[], metavar="NAME=LOW..HIGH",
                      help="drawn by chance from a range, or from A,B,C")  # fmt: skip
    made.add_argument("--draws", type=int, metavar="N", help="how many points are drawn")


def _until(made: Parser) -> None:
    made.add_argument("--until", metavar="METRIC=PART",
                      help="repeat until the interval is narrow: probe.rtt.min=5%%")  # fmt: skip
    made.add_argument("--min", type=int, metavar="N", help="but at least so often (default 3)")
    made.add_argument("--max", type=int, metavar="N", help="and at most so often (default 30)")


def _places(made: Parser) -> None:
    made.add_argument("--jobs", type=int, metavar="N",
                      help="runs side by side on this machine (default 1): "
                      "they disturb each other, and rows say so")  # fmt: skip
    made.add_argument("--cluster", metavar="tcp://HOST:PORT",
                      help="the scheduler of a Dask cluster that does the runs")  # fmt: skip
    made.add_argument("--scheduler-file", metavar="FILE", help="what says where that scheduler is")
    made.add_argument("--plain", action="store_true", help="no table that is painted over")


def verb_parser(verb: str) -> Parser:
    """What `nepishell campaign VERB` takes."""
    made = _made(f"nepishell campaign {verb}", f"{VERBS[verb].capitalize()}.")
    if verb == "retry":
        made.add_argument("which", choices=("failed", "suspect", "lost", "done"), nargs="+",
                          help="those that ended so")  # fmt: skip
    if verb == "plot":
        made.add_argument("metric", nargs="?", help="a number, as in probe.rtt.min (default: all)")
        made.add_argument("--by", metavar="NAME", help="the parameter along the axis")
        made.add_argument("--to", metavar="FILE", help="write a picture: .svg, .png or .pdf")
    if verb == "export":
        made.add_argument("file", metavar="FILE", help="a .csv, .json or .parquet file, or '-'")
        made.add_argument("--points", action="store_true",
                          help="a row for each point, with intervals")  # fmt: skip
    if verb == "open":
        made.add_argument("key", help="the run's key, or its beginning, as in 'export -'")
        made.add_argument("-c", metavar="LINES", dest="lines", help="these commands, no prompt")
    if verb == "compare":
        made.add_argument("--metric", help="a number (default: what the recipe expects)")
        made.add_argument("--with", dest="other", metavar="DIR", help="another campaign")
    made.add_argument("--in", dest="folder", metavar="DIR",
                      help="the campaign (default: the newest below ./campaigns)")  # fmt: skip
    if verb in ("status", "resume", "compare"):
        # the default is none, so that what --in gave stays
        made.add_argument("folder", metavar="DIR", nargs="?", default=argparse.SUPPRESS,
                          help="the same, without --in")  # fmt: skip
    if verb in ("resume", "retry"):
        _places(made)
    if verb in ("status", "compare"):
        made.add_argument("--json", action="store_true", help="as one line of JSON")
    return made
