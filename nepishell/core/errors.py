"""Errors a person can cause: each prints as one line that says what, which value, and what to do.

Anything that is not a NepishellError is a bug of ours. A child stands here only where
somebody catches it; it inherits the built-in that a NEPI script would have caught.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class NepishellError(Exception):
    """Print me as one line."""


class UnknownName(NepishellError, KeyError):
    """A guid, rtype, attribute, trace, state or command that does not exist."""

    # KeyError would print the repr of its argument
    __str__ = Exception.__str__


class BadValue(NepishellError, ValueError):
    """A value of the wrong type, out of range, or not among the choices."""


class WrongState(NepishellError, RuntimeError):
    """The resource or the experiment is not in a state that allows this."""


class HostError(NepishellError, OSError):
    """A host could not do what it was asked: unreachable, refused, missing tool."""


class Unfit(HostError):
    """The host itself does not answer or serve: another one may."""


class Unreachable(HostError):
    """The connection to a host is lost; what runs there runs on, and it may come back."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The tail of an error message: "; did you mean 'deploy'?", or nothing."""
    close = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""
