"""The page in a browser: it follows what happens, works by keyboard, is light or dark."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nepishell.labs.playing import Stage
from nepishell.labs.web.page import Page
from nepishell.labs.web.server import PageServer
from nepishell.labs.web.shown import LabText, Now, ShownCheck, ShownHint, Standing, StepText
from tests.labs.web.browser import Browser, browser

pytestmark = pytest.mark.tool("chromium")

LAB = LabText(
    title="Static routes", summary="there and back", student="ann",
    steps=(StepText(id="there", title="There", html="<h2>There</h2><p>first text</p>", points=2),
           StepText(id="back", title="Back", html="<h2>Back</h2><p>second text</p>", points=3)),
)  # fmt: skip
NODES = [
    {"key": key, "name": name, "role": "host", "state": "STARTED", "x": x, "y": 60, "wide": 108,
     "high": 46, "items": []}
    for key, name, x in ((1, "h1", 80), (2, "<b>h2</b>", 380))
]  # fmt: skip


def picture(delay: str, *, up: bool) -> dict[str, object]:
    tie = {"one": 1, "two": 2, "name": "wire", "state": "STARTED", "values": delay, "up": up}
    return {"wide": 460, "high": 120, "nodes": NODES, "ties": [tie]}


BEFORE = Now(
    step="there", points=0, most=5, standings={"there": Standing.WAITS, "back": Standing.WAITS},
    checks=(ShownCheck(id="reach", title="h1 reaches h2", standing=Standing.FAILS,
                       expected="an answer", seen="none", command="h1 ping <h2>"),),
    hints=(ShownHint(cost=1),), picture=picture("20ms", up=True),
)  # fmt: skip
HELD = replace(
    BEFORE, points=2, standings={"there": Standing.HOLDS, "back": Standing.WAITS},
    checks=(ShownCheck(id="reach", title="h1 reaches h2", standing=Standing.HOLDS),),
    hints=(ShownHint(html="<p>a <code>hint</code></p>"),), picture=picture("50ms", up=False),
)  # fmt: skip


@pytest.fixture(scope="module")
def state() -> list[Now]:
    return [BEFORE]


@pytest.fixture(scope="module")
def served(state: list[Now]) -> Iterator[PageServer]:
    server = PageServer(LAB.as_json, lambda: state[0].as_json())
    yield server
    server.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, served: PageServer, state: list[Now]) -> Browser:
    state[0] = BEFORE
    chromium.open(served.url)
    chromium.wait("return document.body?.dataset.ready")
    return chromium


def text(page: Browser, selector: str) -> str:
    return str(page.run(f"document.querySelector({selector!r})?.textContent"))


def test_the_page_shows_the_step_its_checks_and_the_network(page: Browser) -> None:
    assert text(page, "h1") == "Static routes"
    assert text(page, "#text p") == "first text"
    assert text(page, "#checks li .title") == "h1 reaches h2: does not hold"
    assert text(page, "#checks dl") == "expectedan answerseennonecommandh1 ping <h2>"
    assert text(page, "#network .value:not(.first)") == "20ms"
    assert text(page, "#network g:last-of-type") is not None
    assert text(page, "#hints") == "A hint (costs 1 points): type lab hint"


def test_names_of_hosts_are_text_whatever_is_in_them(page: Browser) -> None:
    assert "<b>h2</b>" in text(page, "#network svg")
    assert page.run("document.querySelector('#network b')") is None


def test_a_check_turns_green_by_itself_and_is_said_to_who_cannot_see_it(
    page: Browser, served: PageServer, state: list[Now]
) -> None:
    state[0] = HELD
    served.changed()

    page.wait("return document.querySelector('#checks li.holds')")
    assert text(page, "#said") == "h1 reaches h2: holds"
    assert text(page, "#points") == "2"
    assert text(page, "#network .down.value") == "✗ down"
    assert page.run("document.querySelectorAll('#network g.changed').length") == 1
    assert text(page, "#hints") == "a hint"


def test_steps_can_be_read_ahead_with_the_keyboard(
    page: Browser, served: PageServer, state: list[Now]
) -> None:
    page.press("ArrowRight", 39)
    assert text(page, "#text p") == "second text"
    assert text(page, "[aria-pressed=true]").startswith("2Back")

    # what comes in meanwhile turns no page
    state[0] = HELD
    served.changed()
    page.wait("return document.querySelector('#checks li.holds')")
    assert text(page, "#text p") == "second text"

    page.press("ArrowLeft", 37)
    assert text(page, "#text p") == "first text"


def test_the_next_step_is_turned_to(page: Browser, served: PageServer, state: list[Now]) -> None:
    state[0] = replace(HELD, step="back", checks=())
    served.changed()

    page.wait("return document.querySelector('#text p').textContent === 'second text'")
    assert text(page, "[aria-current=step]").startswith("2Back")


def test_dark_colours_are_there_for_who_prefers_them(page: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.run(colour)

    page.dark()

    assert page.run(colour) != light


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_refused(
    page: Browser, served: PageServer
) -> None:
    assert page.problems == []
    assert {url for url in page.requests if not url.startswith(served.url)} == set()


@pytest.mark.lab
def test_a_lab_is_followed_from_its_start_to_a_step_that_is_done(
    chromium: Browser, stage: Stage
) -> None:
    page = Page(stage.session)
    chromium.open(page.url)
    chromium.wait("return document.querySelectorAll('#network .name').length === 2")
    net = stage.session.variant.values["net"]
    assert f"10.{net}.0.1/24" in text(chromium, "#text")

    stage.session.check()
    chromium.wait("return document.querySelector('#checks li.fails')")
    stage.do(f"h1 ip address add 10.{net}.0.1/24 dev eth0")
    stage.session.check()
    chromium.wait("return document.querySelectorAll('#checks li.holds').length === 2")
    stage.do("set wire up false")
    chromium.wait("return document.querySelector('#network .tie.down')")

    assert text(chromium, "#points") == "6"
    page.close()


def test_the_end_is_told(page: Browser, served: PageServer) -> None:
    served.close()

    page.wait("return !document.getElementById('lost').hidden")
    assert "The experiment is over" in text(page, "#lost")
