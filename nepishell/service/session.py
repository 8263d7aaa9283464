"""One session at the socket: requests in order, each with an answer that carries its id.

A session may become that of a terminal: then a prompt runs there until the person leaves.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nepishell.commands.bugs import report
from nepishell.commands.context import Context, Detach, Quit, Shutdown
from nepishell.commands.interruptions import Interruptions
from nepishell.commands.notes import Shown
from nepishell.commands.sharing import AttachedTerminal, Seat, Shared
from nepishell.commands.signals import Stopped
from nepishell.core.errors import NepishellError
from nepishell.service.connection import Connection, Request
from nepishell.service.hub import Hub, Place
from nepishell.service.playing import Misplaced, Playing, as_data
from nepishell.service.streaming import KINDS, Stream
from nepishell.service.wire import TERMINAL_FDS, BadRequest, encode

#: Runs a prompt on a terminal until the person leaves; may raise Quit and its kinds, and Stopped.
OpenPrompt = Callable[[Shared, Seat, AttachedTerminal, Interruptions], None]

_WORDS = ("do", "subscribe", "unsubscribe", "interrupt", "attach", "resized")


class _Bugs:
    """Inside, a mistake of ours becomes one line, and a traceback in the log."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, Exception) and not isinstance(problem, NepishellError):
            raise NepishellError(report(problem, self._log)) from problem


class Session:
    """Of one connection. *open_prompt*: for terminals, loaded when the first one comes."""

    def __init__(self, hub: Hub, connection: Connection, open_prompt: OpenPrompt) -> None:
        self._hub = hub
        self._connection = connection
        self._open_prompt = open_prompt
        self.place: Place = hub.enter()
        self.place.tell = self._told
        self._interruptions = Interruptions(hub.shared.jobs)
        self._unsubscribe: Callable[[], None] = lambda: None
        self._yes = False
        self._results: list[Any] = []
        self._playing: Playing | None = None
        self._attached = False
        connection.at_once = self._at_once
        connection.on_lost = lambda: self._interruptions.note(signal.SIGHUP)

    # -- on the server's thread ----------------------------------------------------------------

    def _at_once(self, asked: dict[str, Any]) -> bool:
        """Deal with what must not wait for what runs now."""
        if "interrupt" in asked:
            self._interruptions.note(signal.SIGINT)
        elif "resized" in asked:
            self._interruptions.on_resize()
        else:
            return False
        if "id" in asked:
            self._answer(asked, results=[])
        return True

    # -- in the session's thread ---------------------------------------------------------------

    def serve(self) -> None:
        """Answer until the other end has gone, or leaves."""
        self._interruptions.begin()
        try:
            while (request := self._connection.requests.get()) is not None:
                goes_on = self._serve(request)
                self._connection.answered()
                if not goes_on:
                    return
        finally:
            self._unsubscribe()
            self.place.leave()

    def _serve(self, request: Request) -> bool:
        """Answer one request; whether the session goes on."""
        asked = request.asked
        try:
            with _Bugs(self._hub.shared.ec.run_dir / "log.txt"):
                self._act(request)
        except Stopped as stopped:
            self._interruptions.forget()
            if self._hub.over.is_set():
                self._answer(asked, results=self._results, over=True)
                return False
            self._answer(asked, error={"message": stopped.word})
            return stopped.is_interrupt
        except (Detach, Shutdown, Quit) as leaving:
            over = isinstance(leaving, Shutdown)
            self._answer(asked, results=self._results, over=over)
            if over:
                self._hub.over.set()
            return False
        except Misplaced as problem:
            self._answer(asked, error=problem.as_answer())
        except NepishellError as problem:
            self._answer(asked, error={"message": str(problem)})
        else:
            self._answer(asked, results=self._results)
            return not self._attached
        finally:
            for fd in request.descriptors:
                os.close(fd)
        return True

    def _answer(self, asked: dict[str, Any], **what: Any) -> None:
        self._connection.send({"id": asked.get("id"), **what})

    def _act(self, request: Request) -> None:
        asked, self._results = request.asked, []
        if request.problem:
            raise BadRequest(request.problem)
        words = [word for word in _WORDS if word in asked]
        if len(words) != 1:
            raise BadRequest(f"a request has one of {', '.join(_WORDS)}, as in {_EXAMPLE}")
        match words[0], asked[words[0]]:
            case "do", str(text):
                self._do(text, yes=asked.get("yes") is True)
            case "subscribe", what:
                self._subscribe(what)
            case "unsubscribe", _:
                self._unsubscribe()
            case "attach", dict(environ):
                self._attach(environ, request.descriptors)
            case word, _:
                raise BadRequest(f"'{word}' takes a {'text' if word == 'do' else 'JSON object'}")

    def _do(self, text: str, *, yes: bool) -> None:
        self._yes = yes
        if self._playing is None:
            self._playing = Playing(self._context(), lambda shown: self._results.append(
                as_data(shown)))  # fmt: skip
        self._interruptions.check()
        self._playing.lines(text)

    def _context(self) -> Context:
        shared = self._hub.shared
        ctx = Context(ec=shared.ec, jobs=shared.jobs, confirm=self._confirm, emit=self._emit,
                      waiting=self._interruptions.waiting)  # fmt: skip
        shared.lend(ctx, self.place)
        return ctx

    def _confirm(self, question: str) -> bool:
        if not self._yes:
            raise NepishellError(f'{question} nobody can be asked here: add "yes": true')
        return True

    def _subscribe(self, what: Any) -> None:
        """True: all events; a list: those of these kinds; "packed": all, as in the journal."""
        if isinstance(what, list):
            wrong = [one for one in what if not isinstance(one, str) or one not in KINDS]
            if wrong:
                raise BadRequest(f"no events are called {str(wrong[0])[:60]!r}; "
                                 f"there are {', '.join(KINDS)}")  # fmt: skip
        elif what is not True and what != "packed":
            raise BadRequest('"subscribe" takes true, "packed", or a list of kinds of events')
        kinds = frozenset(what) if isinstance(what, list) else frozenset[str]()
        stream = Stream(self._connection.offer, kinds, packed=what == "packed")
        self._unsubscribe()
        end = self._hub.shared.ec.bus.subscribe_batches(stream.see)
        self._connection.on_drained = stream.settle

        def unsubscribe() -> None:
            end()
            self._connection.on_drained = lambda: None
            self._unsubscribe = lambda: None

        self._unsubscribe = unsubscribe

    def _attach(self, environ: dict[str, Any], descriptors: list[int]) -> None:
        """Run a prompt on the terminal that came with the request."""
        if len(descriptors) != TERMINAL_FDS or not all(os.isatty(fd) for fd in descriptors):
            raise BadRequest("'attach' needs a terminal: two descriptors beside the request")
        told = {str(k): v for k, v in environ.items() if isinstance(v, str)}
        name = os.ttyname(descriptors[0]).removeprefix("/dev/")
        self.place.leave()
        self.place = self._hub.enter(name, is_terminal=True)
        self._hub.offer(self.place)
        self._attached = True
        source, target = descriptors
        terminal = AttachedTerminal(source, target, told)
        self._open_prompt(self._hub.shared, self.place, terminal, self._interruptions)

    # -- from any thread -----------------------------------------------------------------------

    def _emit(self, shown: Shown | None) -> None:
        """The result of what was planned."""
        if shown is not None:
            self._connection.offer(encode({"output": as_data(shown)}))

    def _told(self, line: str) -> None:
        self._connection.offer(encode({"notice": line}))


_EXAMPLE = '{"id": 1, "do": "list"}'
