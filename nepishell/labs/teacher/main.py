"""`nepishell lab new|lint|pack|selftest`: what is served when a teacher types it."""

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from nepishell.labs.shelf import find_lab, shipped_labs
from nepishell.labs.teacher.beginning import new_lab
from nepishell.labs.teacher.linting import Finding, lint
from nepishell.labs.teacher.packing import pack

DONE, FAILED, USAGE = 0, 1, 2
#: What plays labs, loaded when one is played.
_SELFTEST = "nepishell.labs.teacher.selftest"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def _parser(verb: str, description: str) -> argparse.ArgumentParser:
    return _Parser(prog=f"nepishell lab {verb}", description=description, allow_abbrev=False)


def new(argv: list[str]) -> int:
    """`nepishell lab new NAME`: a lab to begin with; returns the exit status."""
    parser = _parser("new", "Write a small lab that works, to be changed step by step.")
    parser.add_argument("name", metavar="NAME", help="of the lab, and of its new folder")
    parser.add_argument("--in", metavar="DIR", dest="folder", type=Path, default=Path(),
                        help="where the folder is made (default: here)")  # fmt: skip
    given = parser.parse_args(argv)
    made = new_lab(given.name, given.folder)
    sys.stdout.write(
        f"{made}: change its steps, then 'nepishell lab lint {made}' reads it and "
        f"'nepishell lab selftest {made}' plays it\n"
    )
    return DONE


def pack_(argv: list[str]) -> int:
    """`nepishell lab pack LAB [FILE.zip]`: what students get; returns the exit status."""
    parser = _parser("pack", "Write the copy for students: without solutions and mutants.")
    parser.add_argument("lab", metavar="LAB", help="a name, or its folder")
    parser.add_argument("file", metavar="FILE.zip", type=Path, nargs="?", default=Path(),
                        help="default: LAB.zip, here")  # fmt: skip
    given = parser.parse_args(argv)
    made = pack(find_lab(given.lab), given.file)
    sys.stdout.write(f"{made}: students start with 'lab start {made}'\n")
    return DONE


def lint_(argv: list[str]) -> int:
    """`nepishell lab lint NAME...`: all that is wrong; returns the exit status."""
    parser = _parser("lint", "Find what is wrong with labs, without playing them.")
    parser.add_argument("labs", metavar="LAB", nargs="+", help="a name, or its folder")
    parser.add_argument("--json", action="store_true", help="one object for each finding")
    given = parser.parse_args(argv)
    found = [(name, lint(_folder(name))) for name in given.labs]
    for name, findings in found:
        for one in findings:
            sys.stdout.write(_as_json(name, one) if given.json else _told(one))
        if not findings and not given.json:
            sys.stdout.write(f"{name}: nothing wrong\n")
    wrong = any(one.is_error for _, findings in found for one in findings)
    return USAGE if wrong else DONE


def _folder(name: str) -> Path:
    """Of a shipped lab, or a path; a lab that cannot be read is for lint() to tell."""
    known = shipped_labs()
    path = Path(name).expanduser()
    return known[name] if name in known and not path.exists() else path


def _told(one: Finding) -> str:
    kind = "" if one.is_error else "warning: "
    return f"{kind}{one.message}\n" + (f"{one.caret}\n" if one.caret else "")


def _as_json(name: str, one: Finding) -> str:
    severity = "error" if one.is_error else "warning"
    return json.dumps({"lab": name, "severity": severity, "message": one.message}) + "\n"


def selftest(argv: list[str]) -> int:
    """`nepishell lab selftest NAME`: each proof in a line; returns the exit status."""
    parser = _parser("selftest", "Play a lab: the solution gets full points, the untouched start "
                     "passes nothing, each mutant fails its check.")  # fmt: skip
    parser.add_argument("labs", metavar="LAB", nargs="+", help="a name, or its folder")
    parser.add_argument("--seeds", metavar="N", type=_count, default=3,
                        help="students whose values are tried (default: 3)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one object for each proof")
    given = parser.parse_args(argv)
    labs = [find_lab(name) for name in given.labs]
    wrong = 0
    for lab in labs:
        proofs = good = 0
        for proof in import_module(_SELFTEST).selftest(lab, given.seeds):
            proofs += 1
            good += proof.ok
            if given.json:
                line = json.dumps({"lab": lab.id, **asdict(proof), "ok": proof.ok})
            else:
                mark, why = ("ok ", "") if proof.ok else ("NOT", f": {proof.problem}")
                line = f"{mark} {lab.id} {proof.seed} {proof.what} {proof.name}{why}"
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        if not given.json:
            sys.stdout.write(f"{lab.id}: {good} of {proofs} as promised\n")
        wrong += proofs - good
    return FAILED if wrong else DONE


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 1000")
    return int(text)
