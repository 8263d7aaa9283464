"""What is handed over has no secret in it, and looking at it executes nothing."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

SECRET = "hunter2-9a7f3c"


def nepishell(home: Path, *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "nepishell", *arguments], input=lines, capture_output=True,
        text=True, check=False, env=environment, timeout=60,
    )  # fmt: skip


def test_a_bundle_has_no_secret_and_is_opened_without_running_it(tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    bundle = tmp_path / "run.zip"
    recipe = tmp_path / "recipe.nepi"
    recipe.write_text(
        f"add linux::Node far hostname=127.0.0.1 password={SECRET}\n"
        "add local::Node here\ndeploy here\n"
        f"exec here touch {mark}\n"
    )
    played = nepishell(tmp_path / "home", "run", str(recipe))
    assert mark.exists(), played.stderr
    exported = nepishell(tmp_path / "home", "-c", f"export run last {bundle}")
    if not bundle.exists():
        name = next((tmp_path / "home").rglob("journal.jsonl")).parent.name
        exported = nepishell(tmp_path / "home", "-c", f"export run {name} {bundle}")
    assert bundle.exists(), exported.stderr
    mark.unlink()

    with zipfile.ZipFile(bundle) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    assert contents
    assert [name for name, data in contents.items() if SECRET.encode() in data] == []

    opened = nepishell(tmp_path / "other", "open", str(bundle), lines="list\nhistory\n")

    assert opened.returncode == 0, opened.stderr
    assert SECRET not in opened.stdout + opened.stderr
    assert not mark.exists()
