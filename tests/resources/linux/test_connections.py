from nepishell.hosts.fake import FakeHost
from nepishell.resources.linux.connections import Connections


class Counted(FakeHost):
    closed = 0

    def close(self) -> None:
        self.closed += 1
        super().close()


def test_all_who_ask_for_the_same_share_one_and_the_last_closes_it():
    connections = Connections()
    one = connections.take("a", Counted)
    assert connections.take("a", Counted) is one
    assert connections.take("b", Counted) is not one
    connections.give_back("a")
    assert one.closed == 0
    connections.give_back("a")
    assert one.closed == 1
    assert connections.take("a", Counted) is not one


def test_what_nobody_gave_back_is_closed_at_the_end():
    connections = Connections()
    one = connections.take("a", Counted)
    connections.close()
    connections.close()
    assert one.closed == 1
