"""`nepishell lab ...`: what is done with labs outside of a prompt, most of it by teachers."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock

from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.labs.answers import answer_hash
from nepishell.labs.arguments import ELSEWHERE, USAGE, VERBS, lab_parser
from nepishell.labs.grading import Grade, grade
from nepishell.labs.parts import Lab
from nepishell.labs.report import as_json, write_report
from nepishell.labs.shelf import find_lab
from nepishell.labs.submission import read_submission
from nepishell.labs.variants import SUFFIX, read_key, read_roster, spell, variants
from nepishell.labs.verbs import list_labs
from nepishell.output.render import render

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(argv: list[str]) -> int:
    """Serve the words behind `nepishell lab`; returns the exit status."""
    if argv and argv[0] in ELSEWHERE:
        module, _, name = ELSEWHERE[argv[0]].partition(":")
        serve: Callable[[list[str]], int] = getattr(import_module(module), name)
    else:
        serve = _serve
    try:
        return serve(argv[1:] if serve is not _serve else argv)
    except NepishellError as problem:
        caret = getattr(problem, "caret", "")
        sys.stderr.write(f"nepishell lab: {problem}\n" + (f"{caret}\n" if caret else ""))
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED


def _serve(argv: list[str]) -> int:
    if argv and not argv[0].startswith("-") and argv[0] not in VERBS:
        known = [*VERBS, *ELSEWHERE]
        hint = did_you_mean(argv[0], known) or f"; there are {', '.join(known)}"
        raise NepishellError(f"no command '{argv[0]}'{hint}")
    if not argv:
        lab_parser().print_help()
        return USAGE
    given = lab_parser().parse_args(argv)
    return _SERVED[given.verb](given)


def _list(given: argparse.Namespace) -> int:
    sys.stdout.write(render(list_labs(), "json" if given.json else "table") + "\n")
    return DONE


def _lab_of(given: argparse.Namespace, files: Sequence[Path]) -> Lab:
    """The lab that was named, or else the one of the first submission that can be read."""
    if given.lab:
        return find_lab(given.lab)
    problem: NepishellError | None = None
    for path in files:
        try:
            return find_lab(read_submission(path).lab)
        except NepishellError as wrong:
            problem = problem or wrong
    assert problem is not None  # there is at least one file
    raise problem


def _check(given: argparse.Namespace) -> int:
    lab = _lab_of(given, [given.file])
    (found,) = grade(lab, [given.file], jobs=1)
    if given.json:
        sys.stdout.write(as_json(lab, [found]))
    else:
        sys.stdout.write(_told(lab, found))
    return DONE if not found.refused and found.points == found.most else FAILED


def _told(lab: Lab, found: Grade) -> str:
    lines = []
    for step in lab.steps:
        lines.append(f"{step.title}: {found.steps.get(step.id, 0):g} of {step.points:g}")
        for check in step.checks:
            result = found.checks.get(check.id)
            if result is not None:
                lines.append(f"  {'ok  ' if result['ok'] else 'not '} {result['expected']}")
                lines += [] if result["ok"] else [f"         seen: {result['seen']}"]
    lines += [f"flag: {flag}" for flag in found.flags]
    lines += [f"refused: {found.refused}"] if found.refused else []
    return "\n".join([*lines, f"{found.points:g} of {found.most:g} points", ""])


def _grade(given: argparse.Namespace) -> int:
    lab = _lab_of(given, given.files)
    key = read_key(given.key) if given.key else None
    roster = read_roster(given.roster) if given.roster else ()
    lock = Lock()
    ready = 0

    def told(one: Grade) -> None:
        nonlocal ready
        with lock:
            ready += 1
            points = f"refused: {one.refused}" if one.refused else f"{one.points:g} of {one.most:g}"
            flags = f"; {len(one.flags)} flags" if one.flags else ""
            name = one.student or Path(one.file).name
            sys.stderr.write(f"{ready}/{len(given.files)} {name}: {points}{flags}\n")

    grades = grade(lab, given.files, key=key, roster=roster, jobs=given.jobs, told=told)
    files = write_report(given.out, lab, grades)
    if given.json:
        sys.stdout.write(as_json(lab, grades))
    sys.stderr.write(f"written: {', '.join(map(str, files))}\n")
    return DONE


def _variants(given: argparse.Namespace) -> int:
    lab = find_lab(given.lab)
    found = variants(lab, read_key(given.key), read_roster(given.roster))
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        for student, one in found.items():
            path = given.out / f"{student}{SUFFIX}"
            path.write_text(spell(one), encoding="utf-8")
            path.chmod(0o600)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{given.out}: cannot be written: {reason}") from None
    sys.stdout.write(f"{len(found)} files in {given.out}; no two students have the same values "
                     "of what is unique\n")  # fmt: skip
    return DONE


def _hash(given: argparse.Namespace) -> int:
    sys.stdout.write(f"{answer_hash(sys.stdin.readline())}\n")
    return DONE


_SERVED: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "check": _check,
    "grade": _grade,
    "variants": _variants,
    "hash": _hash,
}
