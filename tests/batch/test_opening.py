"""A run handed over as a file, and looked at or done again elsewhere."""

import json
import os
import shlex
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nepishell.batch.main import main
from nepishell.batch.opening import export_main, open_main, unpacked
from nepishell.journal.bundle import RECIPE, RUN, BundleError
from nepishell.journal.bundling import write_bundle
from nepishell.journal.chain import START, encode
from tests import readme
from tests.batch.conftest import Play

EVIL = "\x1b]0;owned\x07\x1b[2J"
PROGRAM = """\
# says what it is told
param word hello
add local::Node here
add linux::Application echo on here command="echo ${word}"
deploy
wait echo STOPPED
expect echo trace stdout ~ ${word}
"""


@pytest.fixture
def bundle(
    play: Play, tmp_path: Path, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> Path:
    assert play(PROGRAM, "--param", "word=goodbye", "--seed", "7").status == 0
    (run,) = state_home.glob("*/2*")
    assert export_main([run.name, "run.zip"]) == 0
    assert "wrote run.zip" in capsys.readouterr().out
    return tmp_path / "run.zip"


def test_what_was_recorded_is_read_elsewhere(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert open_main([str(bundle), "-c", "trace echo stdout; list | cols label,state | csv"]) == 0
    assert capsys.readouterr().out.split() == ["goodbye", "label,state", "here,RELEASED",
                                               "echo,RELEASED"]  # fmt: skip


def test_without_a_terminal_it_says_what_it_is(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert open_main([str(bundle), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["seed"], found["resources"], found["outcome"]) == (7, 2, "nothing failed")


def test_it_does_again_what_was_done_with_the_same_seed_and_values(
    bundle: Path, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(state_home.glob("*/2*"))
    assert main([str(bundle)]) == 0
    assert "doing again what was done in it" in capsys.readouterr().err
    (again,) = set(state_home.glob("*/2*")) - before
    assert json.loads((again / "journal.jsonl").read_text().splitlines()[0])["seed"] == 7
    assert (again / "traces" / "echo" / "stdout").read_text() == "goodbye\n"


def test_its_parameters_may_be_given_anew(
    bundle: Path, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(bundle), "--param", "word=again"]) == 0
    assert sorted(path.read_text() for path in state_home.rglob("stdout")) == [
        "again\n", "goodbye\n",
    ]  # fmt: skip
    assert main([str(bundle), "--param", "wrd=again"]) == 2
    assert "no parameter 'wrd'; did you mean 'word'?" in capsys.readouterr().err


def test_a_recipe_that_played_others_is_done_again_line_by_line(
    play: Play, tmp_path: Path, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inner.nepi").write_text(PROGRAM)
    assert play("source inner.nepi\nsay all done").status == 0
    (run,) = state_home.glob("*/2*")
    assert export_main([run.name, "run.zip"]) == 0
    (tmp_path / "inner.nepi").unlink()
    assert main(["run.zip"]) == 0
    assert capsys.readouterr().out.endswith("all done\n")
    assert main(["run.zip", "--param", "word=again"]) == 2
    assert "no parameter 'word'" in capsys.readouterr().err


def test_a_secret_is_asked_for_again(
    play: Play, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = "param pw hunter2\nadd test::Link wire secret=${pw}\n"
    assert play(recipe, "--param", "pw=hunter3").status == 0
    (run,) = state_home.glob("*/2*")
    assert export_main([run.name, "run.zip"]) == 0
    with zipfile.ZipFile("run.zip") as packed:
        assert not any(b"hunter" in packed.read(name) for name in packed.namelist())
    assert main(["run.zip"]) == 2
    assert "run.zip:original.nepi:2:21: '****' stands for a secret that was not kept" in (
        capsys.readouterr().err
    )
    assert main(["run.zip", "--param", "pw=hunter4"]) == 0


@pytest.mark.parametrize(
    ("lines", "status", "said"),
    [
        ("release", 1, "would change something: this is the past of run"),
        ("lst", 2, "did you mean 'list'"),
        ("show nosuch", 2, "no resource 'nosuch'"),
        ("trace echo 'stdout", 2, "quote"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    bundle: Path, lines: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert open_main([str(bundle), "-c", lines]) == status
    assert said in capsys.readouterr().err


def test_what_is_no_bundle_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zip").write_text("nothing")
    for serve in (open_main, main):
        assert serve(["a.zip"]) == 2
        assert "a.zip: not a zip file" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert export_main(["nosuch", "run.zip"]) == 2
    assert "no run 'nosuch'" in capsys.readouterr().err


def test_nothing_is_left_of_what_was_unpacked(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with unpacked(bundle) as (run, _):
        assert run.path.is_relative_to(tmp_path / "tmp")
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    "about",
    [
        "{}",
        "[]",
        "no json",
        '{"experiment": "../../etc", "run": "1"}',
        '{"experiment": "exp", "run": "../1"}',
        "[" * 100_000,
    ],
)
def test_names_from_elsewhere_lead_nowhere(tmp_path: Path, about: str) -> None:
    facts = {"experiment": "e", "run": "1", "began": "", "ended": "", "nepishell": "",
             "outcome": ""}  # fmt: skip
    write_bundle(tmp_path / "a.zip", {}, {RUN: about, "journal.jsonl": ""}, facts)
    with pytest.raises(BundleError, match="does not say which run"), unpacked(tmp_path / "a.zip"):
        pass


def test_a_journal_of_another_run_is_refused(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as packed:
        journal = packed.read("journal.jsonl").decode()
        about = json.loads(packed.read(RUN))
    about["run"] = "20260101000000000000"
    write_bundle(tmp_path / "b.zip", {}, {RUN: json.dumps(about), "journal.jsonl": journal}, about)
    with pytest.raises(BundleError, match="another run"), unpacked(tmp_path / "b.zip"):
        pass


def test_what_wrote_the_bundle_is_not_done_again(
    play: Play, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play("say one\nexport run.zip; say two").status == 0
    before = (tmp_path / "run.zip").read_bytes()
    assert main(["run.zip"]) == 0
    assert capsys.readouterr().out.endswith("one\ntwo\n")
    assert (tmp_path / "run.zip").read_bytes() == before


def test_a_run_that_is_kept_here_is_looked_at_by_its_name(
    play: Play, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(PROGRAM).status == 0
    (run,) = state_home.glob("*/2*")
    before = sorted(path.name for path in run.rglob("*"))
    assert open_main([run.name, "-c", "trace echo stdout; why echo"]) == 0
    assert capsys.readouterr().out.startswith("hello\necho RELEASED\n")
    assert open_main([run.name[:12]]) == 0
    assert "nothing failed" in capsys.readouterr().out
    assert sorted(path.name for path in run.rglob("*")) == before
    assert open_main(["nosuch"]) == 2
    assert "no run 'nosuch'" in capsys.readouterr().err


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_behind(bundle: Path, tmp_path: Path, signum: int) -> None:
    (tmp_path / "tmp").mkdir()
    os.mkfifo(tmp_path / "one")
    os.mkfifo(tmp_path / "two")
    lines = "history > one; history > two"
    child = subprocess.Popen(
        [sys.executable, "-m", "nepishell", "open", str(bundle), "-c", lines],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "deploy" in (tmp_path / "one").read_text()
    # nobody will ever read the second one
    child.send_signal(signum)
    _, said = child.communicate()
    assert (child.returncode, list((tmp_path / "tmp").iterdir())) == (128 + signum, [])
    assert "Traceback" not in said


def hostile(tmp_path: Path) -> Path:
    """A bundle whose checksums and chain are right, and whose words steer a terminal."""
    lines, digest = b"", START
    about = {"experiment": "exp", "run": "2026", "began": EVIL, "lasted": 1e308, "seed": EVIL,
             "outcome": [EVIL], "nepishell": {EVIL: 1}, "ended": ""}  # fmt: skip
    records = [
        ("journal", {"version": 1, "exp": "exp", "run": "2026", "seed": 1}),
        ("events", {"e": ["+", ["+", [1, 2], [1, 2], [f"linux::{EVIL}", "test::Link"]]]}),
        ("events", {"e": ["vl", ["v", [3], [2], ["delay"], [EVIL]], ["l", [3], [2], ["wire"]]]}),
        ("command", {"c": 1, "line": f"say {EVIL}", "who": EVIL}),
    ]
    for number, (kind, data) in enumerate(records, start=1):
        line, digest = encode(number, kind, 0.0, data, digest)
        lines += line
    texts = {RUN: json.dumps(about), "journal.jsonl": lines.decode(), RECIPE: f"say\n{EVIL} x"}
    write_bundle(tmp_path / "evil.zip", {}, texts, about)
    return tmp_path / "evil.zip"


LOOKS = ["", "list", "status", "history", "story wire", "show wire", "goto t+0s", "timeline",
         "why wire", "why wire t+3us"]  # fmt: skip


@pytest.mark.parametrize("line", LOOKS)
def test_what_somebody_else_wrote_does_not_steer_the_terminal(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hostile(tmp_path)
    assert open_main([str(path), *(["-c", line] if line else [])]) == 0
    assert main([str(path), "--check"]) == 2
    said = "".join(capsys.readouterr())
    assert "left out: no resource type" in said
    assert not any(ord(char) < 32 and char not in "\n\t" for char in said)


@pytest.mark.lab
def test_what_the_readme_says_of_handing_over_can_be_typed(tmp_path: Path) -> None:
    (recipe,) = [block for block in readme.blocks("nepi") if "\nexport " in block.text]
    (console,) = [block for block in readme.blocks("console") if "nepishell open " in block.text]
    (tmp_path / "block.nepi").write_text(recipe.text)
    lines = [line.removeprefix("$ ").partition(" #")[0] for line in console.text.splitlines()]
    for line in ["nepishell run block.nepi", *lines]:
        argv = [sys.executable, "-m", *shlex.split(line)]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert (done.returncode, done.stderr.count(b"Traceback")) == (0, 0), (line, done.stderr)
