"""What a resource records."""

from dataclasses import FrozenInstanceError

import pytest

from nepishell.core.traces import Trace, TraceAttr


def test_a_trace_is_off_unless_it_says_otherwise() -> None:
    assert not Trace("pcap").enabled


def test_a_declaration_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Trace("pcap").enabled = True  # type: ignore[misc]


def test_the_views_have_the_words_of_nepi() -> None:
    assert [str(view) for view in TraceAttr] == ["all", "stream", "path", "size"]
    assert TraceAttr("path") is TraceAttr.PATH
