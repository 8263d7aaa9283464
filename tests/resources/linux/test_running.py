import pytest

from nepishell.core.errors import BadValue

APP = "linux::Application"


def test_words_and_values_are_filled_in_without_a_shell(fake):
    fake.add(APP, "app", "n", command="${BIN}/x '${SRC}/a b' $HOME", env="A=${LIB} B='${X} y'")
    app = fake.rm("app")
    root = fake.rm("n").layout.usr
    assert app.argv() == [f"{root}/bin/x", f"{root}/src/a b", "$HOME"]
    assert app.environment() == {"A": f"{root}/lib", "B": "${X} y"}


def test_a_variable_without_a_name_is_refused(fake):
    fake.add(APP, "app", "n", command="x", env="=1")
    with pytest.raises(BadValue, match="env of app: '=1' is not NAME=VALUE"):
        fake.rm("app").environment()


def test_what_sudo_started_is_ended_by_sudo(fake):
    node = fake.rm("n")
    node.elevate = lambda argv, env: ["sudo", *argv]
    fake.add(APP, "app", "n", command="id", sudo=True)
    fake.up("app")
    pid = node.host.running[0].pid
    fake.ec.stop(fake.ec.find("app"))
    assert [asked.argv for asked in node.host.asked][-2:] == [
        ("sudo", "id"),
        ("sudo", "kill", "-TERM", "--", f"-{pid}"),
    ]
