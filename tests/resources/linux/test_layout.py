import subprocess
from pathlib import Path

from nepishell.resources.linux.layout import NAMES, for_shell, names_one, on_host, substituted

LAYOUT = on_host(Path("/home/me"), "exp", 3)
VARIABLES = LAYOUT.variables(7, Path("/run"))


def test_folders_have_nepis_names_below_one_of_our_own():
    assert VARIABLES == {
        "HOME": "/home/me",
        "USR": "/home/me/.nepishell/nepi-usr",
        "LIB": "/home/me/.nepishell/nepi-usr/lib",
        "BIN": "/home/me/.nepishell/nepi-usr/bin",
        "SRC": "/home/me/.nepishell/nepi-usr/src",
        "SHARE": "/home/me/.nepishell/nepi-usr/share",
        "EXP": "/home/me/.nepishell/nepi-exp",
        "EXP_HOME": "/home/me/.nepishell/nepi-exp/exp",
        "APP_HOME": "/home/me/.nepishell/nepi-exp/exp/app-7",
        "RUN_HOME": "/run",
        "NODE_HOME": "/home/me/.nepishell/nepi-exp/exp/node-3",
    }
    assert tuple(VARIABLES) == NAMES


def test_a_word_is_filled_in_and_what_is_not_ours_stays():
    assert substituted("${SRC}/a:$SRC:${OTHER}:${RUN_HOME}", VARIABLES) == (
        "/home/me/.nepishell/nepi-usr/src/a:$SRC:${OTHER}:/run"
    )
    assert not names_one("$HOME ${OTHER}")


def test_a_shell_fills_in_paths_with_blanks_and_quotes_as_one_word():
    odd = {**VARIABLES, "SRC": "/a 'b' $(c)"}
    script = for_shell('printf "%s|" "${SRC}" "${BIN}"', odd)
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "/a 'b' $(c)|/home/me/.nepishell/nepi-usr/bin|"


def test_what_a_shell_is_told_is_not_in_the_environment_of_its_programs():
    script = for_shell(": ${LIB}; env", VARIABLES)
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert "LIB=" not in done.stdout
