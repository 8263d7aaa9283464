"""The terminal without a program."""

from nepishell.hosts.base import Terminal
from nepishell.hosts.fake import FakeHost


def test_the_test_says_what_appears_and_when_it_ends() -> None:
    host = FakeHost()
    terminal = host.terminal(["sh"], rows=24, cols=80, env={"TERM": "vt100"})
    assert isinstance(terminal, Terminal)
    terminal.say(b"$ ")
    terminal.write(b"ls\r")
    terminal.resize(10, 40)
    assert terminal.read() == b"$ "
    terminal.end(3)
    assert (terminal.read(), terminal.close(), terminal.close()) == (b"", 3, 3)
    assert terminal.typed == b"ls\r"
    assert terminal.sizes == [(24, 80), (10, 40)]
    assert (host.asked[0].argv, host.asked[0].env) == (("sh",), {"TERM": "vt100"})
    assert host.terminals == []


def test_closing_the_host_ends_its_terminals() -> None:
    host = FakeHost()
    terminal = host.terminal(["sh"], rows=24, cols=80)
    host.close()
    assert (terminal.read(), terminal.close()) == (b"", 137)
