"""Terminals by SSH, beyond the contract of hosts."""

import pytest

from nepishell.hosts.ssh import SshHost

#: a server of an ordinary user may have no terminals to give
pytestmark = pytest.mark.root


def test_what_is_typed_never_meets_the_login_shell(host: SshHost) -> None:
    terminal = host.terminal(["printf", "%s|", "it's", "$HOME", "a b"], rows=24, cols=80)
    text = b""
    while data := terminal.read():
        text += data
    assert text == b"it's|$HOME|a b|"
    assert terminal.close() == 0


def test_a_terminal_of_a_closed_host_has_ended(host: SshHost) -> None:
    terminal = host.terminal(["sleep", "60"], rows=24, cols=80)
    host.close()
    assert terminal.read() == b""
    terminal.write(b"nobody reads this")
    terminal.resize(10, 10)
    assert terminal.close() == 128 + 9
