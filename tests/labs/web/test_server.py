"""The page is served to whoever has its address, on loopback, and to nobody else."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.web.server import PageServer


@pytest.fixture
def said() -> list[int]:
    return [0]


@pytest.fixture
def page(said: list[int]) -> Iterator[PageServer]:
    server = PageServer(lambda: {"title": "T"}, lambda: {"count": said[0]})
    yield server
    server.close()


def ask(page: PageServer, path: str, host: str | None = None, method: str = "GET") -> HTTPResponse:
    name, port = page.host.split(":")
    asking = HTTPConnection(name, int(port), timeout=20)
    asking.putrequest(method, path, skip_host=True)
    asking.putheader("Host", page.host if host is None else host)
    asking.endheaders()
    return asking.getresponse()


@pytest.mark.parametrize("name", ["", "page.css", "page.js", "icon.svg"])
def test_its_files_load_nothing_from_elsewhere(page: PageServer, name: str) -> None:
    with ask(page, f"/{page.token}/{name}") as answer:
        text = answer.read().decode()

    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text


@pytest.mark.parametrize(
    "path",
    ["/", "/page.js", "/wrong/page.js", "/{token}", "/{token}/../server.py", "/{token}/static/",
     "/{token}/%2e%2e/server.py", "/{token}//etc/passwd"],
)  # fmt: skip
def test_without_the_token_or_beside_its_files_nothing_is_there(
    page: PageServer, path: str
) -> None:
    with ask(page, path.format(token=page.token)) as answer:
        assert (answer.status, answer.read()) == (404, b"nothing is here\n")


@pytest.mark.parametrize("host", ["evil.example.org", "localhost", "127.0.0.1", ""])
def test_another_name_is_refused(page: PageServer, host: str) -> None:
    with ask(page, f"/{page.token}/", host=host) as answer:
        assert answer.status == 421


def test_nothing_can_be_sent_to_it(page: PageServer) -> None:
    with ask(page, f"/{page.token}/", method="POST") as answer:
        assert answer.status == 501


def test_it_listens_on_loopback_alone(page: PageServer) -> None:
    assert page._http.socket.getsockname()[0] == "127.0.0.1"


def messages(answer: HTTPResponse) -> Iterator[tuple[str, object]]:
    while line := answer.readline().decode():
        kind = line.removeprefix("event: ").strip()
        yield kind, json.loads(answer.readline().decode().removeprefix("data: "))
        answer.readline()


def test_who_follows_is_told_whatever_changes_and_then_the_end(
    page: PageServer, said: list[int]
) -> None:
    with ask(page, f"/{page.token}/events") as answer:
        heard = messages(answer)
        assert next(heard) == ("lab", {"title": "T"})
        assert next(heard) == ("now", {"count": 0})

        said[0] = 7
        page.changed()
        assert next(heard) == ("now", {"count": 7})

        page.close()
        assert list(heard) == [("end", {})]


def test_a_page_that_goes_away_makes_room_for_another(page: PageServer) -> None:
    assert all(page.enter() for _ in range(16))
    with ask(page, f"/{page.token}/events") as answer:
        assert answer.status == 503

    page.leave()

    with ask(page, f"/{page.token}/events") as answer:
        assert answer.status == 200
        assert next(messages(answer))[0] == "lab"


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NepishellError, match=f"port {port} of 127.0.0.1 cannot be served"):
            PageServer(dict, dict, port)


def test_closing_twice_is_closing_once(page: PageServer) -> None:
    page.close()
    page.close()
