"""Serves the page on 127.0.0.1: its files, and what happens as server-sent events.

Only who was given the address sees anything: it has a random token in it, and requests whose Host
is another name are refused, so that no page from elsewhere can read it by rebinding a name.
"""

import json
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Condition, Event, Thread
from typing import Any

from nepishell.core.errors import NepishellError

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
#: What may be fetched: name -> type. Nothing else of any folder can be named.
_FILES = {
    "": ("index.html", "text/html; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
_EVENTS = "events"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: Pages that may be open at once, and seconds between two messages: more nobody can see.
_MOST_OPEN, _PACE_S = 16, 0.1
_SLOW_S = 10.0

Message = dict[str, Any]


class PageServer:
    """Sends *first()* to each page that opens, then *now()* whenever changed() was called.

    Both give what json can write, on a thread of the page's. Close it in the end.
    """

    def __init__(
        self, first: Callable[[], Message], now: Callable[[], Message], port: int = 0
    ) -> None:
        self.first, self.now = first, now
        self.token = secrets.token_urlsafe(16)
        self.closing = Event()
        self._changed = Condition()
        self._version = 0
        self._open = 0
        try:
            self._http = _Server((LOOPBACK, port), _Handler)
        except OSError as problem:
            why = (problem.strerror or str(problem)).lower()
            raise NepishellError(f"port {port} of {LOOPBACK} cannot be served: {why}") from None
        self._http.page = self
        self._thread = Thread(target=self._serve, daemon=True, name="nepishell-page")
        self._thread.start()

    @property
    def host(self) -> str:
        """What the Host of a request must be."""
        return f"{LOOPBACK}:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """What a browser is to open."""
        return f"http://{self.host}/{self.token}/"

    def changed(self) -> None:
        """There is something new to be shown; from any thread."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait_newer(self, version: int) -> int:
        """Block until something changed after *version*; what is current now."""
        with self._changed:
            self._changed.wait_for(lambda: self._version > version or self.closing.is_set())
            return self._version

    def enter(self) -> bool:
        """One more page is open; False when there are too many."""
        with self._changed:
            if self._open >= _MOST_OPEN:
                return False
            self._open += 1
            return True

    def leave(self) -> None:
        """A page was closed."""
        with self._changed:
            self._open -= 1

    def close(self) -> None:
        """Serve no more; pages that are open see it. Idempotent."""
        if self.closing.is_set():
            return
        self.closing.set()
        self.changed()
        # wakes who waits for the next connection, at once
        self._http.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._http.server_close()

    def _serve(self) -> None:
        # not serve_forever(): it looks twice a second whether it is to end
        while not self.closing.is_set():
            self._http.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    page: PageServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is no error; all else is for the log."""
        log.debug("a request of the page failed", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "nepishell"
    sys_version = ""
    timeout = _SLOW_S

    def do_GET(self) -> None:
        """A file, or events until one of us goes."""
        name = self._named()
        if name == _EVENTS:
            self._follow()
        elif name in _FILES:
            file, kind = _FILES[name]
            data = files("nepishell.labs.web").joinpath("static", file).read_bytes()
            self._begin(200, kind, len(data))
            self.wfile.write(data)
        elif name is not None:
            self._refuse(404, "nothing is here")

    def _named(self) -> str | None:
        """What is asked for behind the token; None where it was refused already."""
        page = self.server.page
        if self.headers.get_all("Host") != [page.host]:
            self._refuse(421, "not this server's name")
            return None
        path = self.path.partition("?")[0]
        token, slash, name = path.removeprefix("/").partition("/")
        if not slash or not compare_digest(token.encode(), page.token.encode()):
            self._refuse(404, "nothing is here")
            return None
        return name

    def _refuse(self, status: int, why: str) -> None:
        data = f"{why}\n".encode()
        self._begin(status, "text/plain; charset=utf-8", len(data))
        self.wfile.write(data)

    def _begin(self, status: int, kind: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()

    def _follow(self) -> None:
        page = self.server.page
        if not page.enter():
            self._refuse(503, f"{_MOST_OPEN} pages are open; close one")
            return
        try:
            self._begin(200, "text/event-stream")
            with suppress(ConnectionError, TimeoutError):
                self._tell_all(page)
        finally:
            page.leave()

    def _tell_all(self, page: PageServer) -> None:
        self._tell("lab", page.first())
        version = -1
        while not page.closing.is_set():
            version = page.wait_newer(version)
            if not page.closing.is_set():
                self._tell("now", page.now())
            # what comes in the meantime is one message
            page.closing.wait(_PACE_S)
        self._tell("end", {})

    def _tell(self, kind: str, message: Message) -> None:
        self.wfile.write(f"event: {kind}\ndata: {json.dumps(message)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its name in the base
        """Nothing is printed for a request."""
