"""Blocks that are typed line by line."""

import pytest

from tests.shell.conftest import Keys


def test_a_block_is_executed_once_its_end_was_typed(keys: Keys) -> None:
    keys.keys("for x in a,b\rfor y in 1-2\rsay <${x}${y}>\rend\rsay /\rend\rsay out\r\x04")
    assert "<a1>\n<a2>\n/\n<b1>\n<b2>\n/\nout\n" in keys.said


def test_inside_a_block_its_first_value_is_known(keys: Keys) -> None:
    ctx = keys.prompt.ctx
    seen: list[dict[str, str]] = []
    forget = keys.prompt.gathering._forget
    keys.prompt.gathering._forget = lambda: (seen.append(dict(ctx.bound)), forget())[1]
    keys.keys("for x in a,b\rsay ${x}\rend\r\x04")
    assert {"x": "a"} in seen
    assert ctx.bound == {}


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_a_block_that_is_given_up_does_nothing(keys: Keys, key: str) -> None:
    keys.keys(f"for x in a,b\rsay <${{x}}>\r{key}say after\r\x04")
    assert "<" not in keys.said
    assert "after\n" in keys.said


def test_a_block_that_is_pasted_whole_asks_for_nothing_more(keys: Keys) -> None:
    keys.keys("\x1b[200~for x in a,b\nsay <${x}>\nend\x1b[201~\rsay after\r\x04")
    assert "<a>\n<b>\nafter\n" in keys.said


def test_what_is_wrong_with_a_block_is_told(keys: Keys) -> None:
    keys.keys("for x in a[2-1]\rend\r\x03end\r\x04")
    assert "'2-1' is empty" in keys.said
    assert "'end' ends nothing" in keys.said
