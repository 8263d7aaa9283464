"""Both scripts, run by a real sh in a folder of the test's own."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Exit
from nepishell.hosts.local import LocalHost
from nepishell.resources.linux import tidying
from nepishell.resources.linux.layout import Layout, on_host


@pytest.fixture
def host():
    made = LocalHost()
    yield made
    made.close()


def make(host: LocalHost, layout: Layout, run: str, **choices: bool) -> None:
    chosen = {"end_processes": False, "clean_home": False, "clean_experiment": False, **choices}
    tidying.make(host, layout, layout.node_home / run, f"exp-{run}", **chosen)


def clear(host: LocalHost, layout: Layout, run: str, *apps: Path, keep: bool = False) -> None:
    tidying.clear(host, layout, run, f"exp-{run}", f"exp/{run}", apps, keep=keep)


def test_a_run_leaves_the_home_as_it_was(host, tmp_path):
    home = tmp_path / "ho me"
    home.mkdir()
    (home / "theirs").touch()
    layout = on_host(home, "exp", 1)
    make(host, layout, "100")
    app = layout.app_home(2)
    (app / "100").mkdir(parents=True)
    (app / "100" / "stdout").touch()
    (layout.src / "x").touch()
    assert layout.root.stat().st_mode & 0o777 == 0o700
    clear(host, layout, "100", app)
    assert list(home.iterdir()) == [home / "theirs"]


def test_what_another_run_holds_stays_until_that_ends(host, tmp_path):
    layout = on_host(tmp_path, "exp", 1)
    make(host, layout, "100")
    make(host, layout, "200")
    app = layout.app_home(2)
    (app / "200").mkdir(parents=True)
    (layout.src / "x").touch()
    clear(host, layout, "100", app)
    assert (layout.src / "x").exists()
    assert (app / "200").exists()
    clear(host, layout, "200", app)
    assert not layout.root.exists()


def test_what_somebody_keeps_stays(host, tmp_path):
    layout = on_host(tmp_path, "exp", 1)
    make(host, layout, "100")
    app = layout.app_home(2)
    (app / "100").mkdir(parents=True)
    (app / "code").touch()
    (layout.src / "x").touch()
    clear(host, layout, "100", app, keep=True)
    assert (layout.src / "x").exists()
    assert list(app.iterdir()) == [app / "code"]
    make(host, layout, "200")
    clear(host, layout, "200", app)
    assert (layout.src / "x").exists()


def test_a_home_and_an_experiment_are_cleaned_first_when_asked(host, tmp_path):
    layout = on_host(tmp_path, "exp", 1)
    (layout.exp_home / "old").mkdir(parents=True)
    (layout.src / "old").mkdir(parents=True)
    make(host, layout, "100", clean_experiment=True)
    assert not (layout.exp_home / "old").exists()
    assert (layout.src / "old").exists()
    make(host, layout, "100", clean_home=True)
    assert not (layout.src / "old").exists()
    assert (layout.node_home / "100").is_dir()


def test_what_carries_the_mark_of_the_run_is_ended_and_nothing_else(host, tmp_path):
    layout = on_host(tmp_path, "exp", 1)
    make(host, layout, "100")
    ends: dict[str, int] = {}

    def start(name: str, env: dict[str, str]):
        def on_exit(end: Exit) -> None:
            ends[name] = end.status

        return host.spawn(["sleep", "1000"], run_dir=tmp_path / name, env=env, on_exit=on_exit)

    ours = start("ours", {tidying.MARK: "exp/100"})
    theirs = start("theirs", {tidying.MARK: "exp/999"})
    clear(host, layout, "100")
    assert ours.wait(20)
    assert ours.exit.status == 143
    assert theirs.exit is None


def test_a_home_that_cannot_be_written_is_told_in_one_line(host, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match=r"cannot make .* on localhost: .*Not a directory"):
        make(host, on_host(tmp_path / "file", "exp", 1), "100")
