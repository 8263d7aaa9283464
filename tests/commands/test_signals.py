"""Signals are raised where it is safe."""

import os
import signal
from threading import Event

import pytest

from nepishell.commands.signals import SIGNALS, Signals, Stopped


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_signal_ends_a_wait(signum):
    with Signals() as signals, pytest.raises(Stopped) as caught, signals.waiting():  # noqa: PT012
        os.kill(os.getpid(), signum)
        Event().wait()
    assert caught.value.signum == signum


def test_a_signal_in_the_middle_of_a_step_is_raised_after_it():
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            signals.check()
        with pytest.raises(Stopped), signals.waiting():
            pytest.fail("it waited although it had been told to stop")
        signals.forget()
        signals.check()


def test_an_ignored_signal_stays_ignored_and_handlers_come_back():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    at_first = signal.getsignal(signal.SIGINT)
    try:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGHUP)
            signals.check()
        assert signal.getsignal(signal.SIGINT) is at_first
    finally:
        signal.signal(signal.SIGHUP, before)
