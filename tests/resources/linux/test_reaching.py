from nepishell.resources.linux.reaching import WaitingRoom


def test_all_who_wait_are_told_once():
    room, told = WaitingRoom(), []
    room.enter(told.append)
    room.enter(told.append)
    assert len(room) == 2
    room.call(True)
    room.call(True)
    assert told == [True, True]


def test_after_it_was_given_up_nobody_waits():
    room, told = WaitingRoom(), []
    room.enter(told.append)
    room.give_up("gone")
    room.enter(told.append)
    assert told == [False, False]
    assert room.given_up == "gone"


def test_one_that_waits_again_while_it_is_told_waits_for_the_next_time():
    room, told = WaitingRoom(), []
    room.enter(lambda back: room.enter(told.append))
    room.call(True)
    assert (told, len(room)) == ([], 1)
