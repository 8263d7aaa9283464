from pathlib import Path

from nepishell.hosts.local import LocalHost
from nepishell.resources.linux.probing import home_below, parse_system, probe


def test_this_machine_is_alive_and_has_a_home_and_python():
    host = LocalHost()
    try:
        found = probe(host)
    finally:
        host.close()
    assert found.alive
    assert found.home
    assert found.user >= 0
    assert "/" in found.python


def test_what_a_login_script_prints_is_passed_over():
    text = "Welcome!\nalive=yes\nhome=/home/a=b\nuser=0\npackager=apk\nno python here\n"
    found = parse_system(text)
    assert (found.alive, found.home, found.is_root) == (True, "/home/a=b", True)
    assert (found.packager, found.python) == ("apk", "")


def test_a_host_that_ran_nothing_is_not_alive_and_nobody_is_root_there():
    found = parse_system("This account is not available.\n")
    assert not found.alive
    assert not found.is_root


def test_a_home_is_absolute_or_below_the_logins():
    assert home_below("", "/home/me") == Path("/home/me")
    assert home_below("scratch/x", "/home/me") == Path("/home/me/scratch/x")
    assert home_below("/data", "/home/me") == Path("/data")
    assert home_below("${HOME}/sub", "/home/me") == Path("/home/me/sub")
