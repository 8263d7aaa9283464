"""Repaints that events ask for."""

import asyncio

from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from nepishell.shell.redrawing import Redraws


def test_without_a_prompt_nothing_is_painted() -> None:
    with create_app_session(output=DummyOutput()):
        Redraws()()


def test_a_thousand_events_are_one_repaint() -> None:
    painted = []

    async def look() -> None:
        app: Application[None] = Application()
        up, seen = asyncio.Event(), asyncio.Event()
        running = asyncio.ensure_future(app.run_async(pre_run=up.set))
        await up.wait()
        redraws = Redraws()
        app.on_invalidate += lambda _: (painted.append(1), seen.set())
        before = len(painted)
        for _ in range(1000):
            redraws()
        await seen.wait()
        assert len(painted) == before + 1
        app.exit()
        await running

    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        asyncio.run(look())
