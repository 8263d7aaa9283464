"""What is typed to do a lab: `lab list start next check hint answer status reset goto submit`."""

from collections.abc import Iterable
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note, tell
from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.labs import argument_types  # noqa: F401  declares the type of a lab
from nepishell.labs.files import LabError
from nepishell.labs.model import Lab, read_lab
from nepishell.labs.parts import Step
from nepishell.labs.rendering import in_terminal
from nepishell.labs.results import CheckResult
from nepishell.labs.seats import open_session, session_of
from nepishell.labs.session import Session
from nepishell.labs.shelf import find_lab, shipped_labs
from nepishell.labs.submission import submit
from nepishell.labs.variants import Variant, check_student, practice_variant, read_variant
from nepishell.lang.registry import DESTROY, LOOK, RUN, command
from nepishell.output.records import Drawing, Message, Records
from nepishell.output.render import render

LISTED = ("lab", "title", "steps", "points", "minutes", "summary")
CHECKED = ("check", "ok", "expected", "seen", "command")
STEPS = ("step", "title", "points", "most", "state")


@command("lab list", effects=LOOK, group="lab", columns=LISTED)
def list_(ctx: Context) -> Records:
    """The labs that ship with nepishell."""
    return list_labs()


def list_labs() -> Records:
    """The labs that ship, one that cannot be read with what is wrong with it."""
    rows = []
    for name, path in shipped_labs().items():
        try:
            lab = read_lab(path)
        except LabError as problem:
            rows.append((name, "cannot be read", 0, 0.0, 0.0, str(problem)))
            continue
        rows.append((name, lab.title, len(lab.steps), lab.points, lab.minutes, lab.summary))
    return Records(LISTED, rows, "labs")


@command("lab start <name:lab> [as <student:text>] [with <file:path(.variant)>]", effects=RUN,
         group="lab")  # fmt: skip
def start(ctx: Context, *, name: str, student: str = "", file: str = "") -> Message:
    """Begin a lab, by its name or its folder; values are drawn for the student.

    `with` takes the file that a teacher gave; without it the values are for practice.

        lab start routes
        lab start routes with ann.variant
    """
    lab = find_lab(name)
    if student:
        check_student(student)
    variant = _given(lab, file) if file else practice_variant(lab, student)
    if file and student and variant.student != student:
        raise NepishellError(f"{file} is for '{variant.student}', not for '{student}'")
    session = open_session(ctx, lab, variant)
    session.begin()
    head = f"{lab.title}: {len(lab.steps)} steps, {lab.points:g} points"
    whose = f"values for practice{f' of {student}' if student else ''}" if variant.practice else (
        f"values of {variant.student}"
    )  # fmt: skip
    return Message(f"{head}; {whose}\n\n{_text(session, session.current())}")


def _given(lab: Lab, file: str) -> Variant:
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "not UTF-8 text"
        raise NepishellError(f"{file}: cannot be read: {reason.lower()}") from None
    return read_variant(lab, text, file)


def _text(session: Session, step: Step) -> str:
    at = session.lab.steps.index(step) + 1
    points = "1 point" if step.points == 1 else f"{step.points:g} points"
    head = f"Step {at} of {len(session.lab.steps)}: {step.title} ({points})"
    text = session.text(step)
    first, _, rest = text.strip().partition("\n")
    # the title stands above it already
    text = rest if first.lstrip("# ").strip() == step.title else text
    return f"{head}\n\n{in_terminal(text)}"


@command("lab step [<step:text>]", effects=LOOK, group="lab")
def step_(ctx: Context, *, step: str = "") -> Message:
    """Show the text of the current step, or of another one."""
    session = session_of(ctx)
    return Message(_text(session, session.find(step) if step else session.current()))


@command("lab next", effects=RUN, group="lab")
def next_(ctx: Context) -> Message:
    """Go on to the next step, if all checks of this one hold."""
    session = session_of(ctx)
    step = session.current()
    if step.id not in session.passed:
        with ctx.waiting():
            wrong = [one for one in session.check() if not one.ok]
        if wrong:
            raise NepishellError(
                f"step '{step.id}' is not done: {wrong[0].expected}; seen: {wrong[0].seen}"
            )
    following = session.next()
    if following is None:
        now = session.snapshot()
        return Message(f"that was the last step: {now.points:g} of {now.most:g} points; "
                       "'lab submit FILE.zip' writes what you hand in")  # fmt: skip
    return Message(_text(session, following))


@command("lab check [<step:text>]", effects=LOOK, group="lab", columns=CHECKED)
def check(ctx: Context, *, step: str = "") -> Drawing:
    """Look whether the checks of the current step hold, or of another one, or of `all`."""
    session = session_of(ctx)
    steps = session.lab.steps if step == "all" else (
        [session.find(step) if step else session.current()]
    )  # fmt: skip
    with ctx.waiting():
        results = [result for one in steps for result in session.check(one)]
    return drawn(session, results)


def drawn(session: Session, results: Iterable[CheckResult]) -> Drawing:
    """Results as a person reads them; as records for programs."""
    shown = list(results)
    by_id = {one.id: one for one in session.lab.checks}
    records = Records(
        CHECKED, [(one.id, one.ok, one.expected, one.seen, one.command) for one in shown], "checks"
    )
    lines = []
    for one in shown:
        title = session.checker.expectation(by_id[one.id])
        lines.append(f"{'ok  ' if one.ok else 'not '} {title}")
        if not one.ok:
            lines += [f"       expected: {one.expected}"] if one.expected != title else []
            lines += [f"       seen:     {one.seen}"]
            lines += [f"       by:       {one.command}"] if one.command else []
    good = sum(one.ok for one in shown)
    lines.append(f"{good} of {len(shown)} hold" if shown else "this step has no checks")
    return Drawing(records, lambda style: "\n".join(lines))


@command("lab hint", effects=RUN, group="lab")
def hint(ctx: Context) -> Message:
    """Show the next hint of the current step; what it costs is asked first."""
    session = session_of(ctx)
    found = session.hint()
    if found is None:
        raise NepishellError(f"there is no more hint for step '{session.step}'")
    number, one = found
    if one.cost and not ctx.confirm(f"this hint costs {one.cost:g} points; show it?"):
        return note("no hint was taken")
    return Message(in_terminal(session.take(number, one)))


@command("lab answer <words:argv>", effects=RUN, group="lab")
def answer(ctx: Context, *, words: tuple[str, ...]) -> Note:
    """Answer the question of the current step; where it has several, name which one first.

    lab answer 62
    lab answer ttl 62
    """
    session = session_of(ctx)
    asked = {one.id: one for one in session.lab.checks if one.kind == "answer"}
    if len(words) > 1 and words[0] in asked:
        one, text = asked[words[0]], " ".join(words[1:])
    else:
        questions = session.questions()
        if len(questions) != 1:
            names = ", ".join(one.id for one in questions)
            why = f"has several questions: {names}" if questions else "asks nothing"
            raise UnknownName(
                f"step '{session.step}' {why}; write lab answer NAME TEXT"
                f"{did_you_mean(words[0], asked)}"
            )
        one, text = questions[0], " ".join(words)
    result = session.answer(one, text)
    said = "that is right" if result.ok else "that is not it"
    return tell(f"{one.id}: {said}", check=one.id, ok=result.ok)


@command("lab status", effects=LOOK, group="lab", columns=STEPS)
def status(ctx: Context) -> Drawing:
    """How far the lab is done, step by step."""
    return standing(session_of(ctx))


def standing(session: Session) -> Drawing:
    """The steps of a session, and how it is with each."""
    now = session.snapshot()
    rows = []
    for step in session.lab.steps:
        known = [now.results[one.id] for one in step.checks if one.id in now.results]
        points = step.points if step.id in now.passed else sum(one.points for one in known)
        words = ["done" if step.id in now.passed else "now" if step.id == now.step else ""]
        words += ["restored"] if step.id in now.restored else []
        taken = sum(1 for id_, _ in now.hints if id_ == step.id)
        words += [f"hints: {taken}"] if taken else []
        rows.append(
            (step.id, step.title, f"{points:g}", f"{step.points:g}", ", ".join(filter(None, words)))
        )
    records = Records(STEPS, rows, "steps")
    lab, variant = session.lab, session.variant
    whose = "practice" if variant.practice else variant.student
    total = f"{lab.title} ({whose}): {now.points:g} of {now.most:g} points"
    return Drawing(records, lambda style: f"{render(records, 'table', style)}\n{total}")


@command("lab reset", effects=DESTROY, group="lab")
def reset(ctx: Context) -> Message:
    """Take all down and begin the lab anew, with the same values."""
    session = session_of(ctx)
    if not ctx.confirm("take all down and begin the lab anew?"):
        return note("nothing was changed")
    session.reset()
    return Message(_text(session, session.current()))


@command("lab goto <step:text>", effects=DESTROY, group="lab")
def goto(ctx: Context, *, step: str) -> Message:
    """Take all down, and build what is there before a step, with your values; a report says so."""
    session = session_of(ctx)
    found = session.find(step)
    question = f"take all down, and build what is there before step '{found.id}'?"
    if not ctx.confirm(question):
        return note("nothing was changed")
    session.goto(found)
    return Message(_text(session, found))


@command("lab submit <file:path(.zip)>", effects=RUN, group="lab")
def submit_(ctx: Context, *, file: str) -> Note:
    """Write what you hand in into one file: what you did, and the journal of it."""
    session = session_of(ctx)
    with ctx.waiting():
        size = submit(session, Path(file).expanduser())
    now = session.snapshot()
    practice = "; with values for practice" if session.variant.practice else ""
    return tell(
        f"{file} written ({size:,} bytes): {now.points:g} of {now.most:g} points{practice}",
        file=file, points=now.points, most=now.most,
    )  # fmt: skip
