"""A headless Chromium, steered over its DevTools pipe: messages of JSON that end in a zero byte."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

_OPTIONS = (
    "--headless=new", "--disable-gpu", "--disable-extensions", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-first-run",
    "--mute-audio", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
#: The pipe is 3 and 4 there, whatever it is here; a shell knows no descriptors above 9.
_BEGIN = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, wanted in zip(ends, (3, 4)):
    os.dup2(end, wanted)
    os.close(end)
os.execvp(sys.argv[3], sys.argv[3:])
"""
_WAIT = """
(asked) => new Promise((done) => {
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  const watcher = new MutationObserver(look);
  function look() {
    const found = asked();
    if (found) { watcher.disconnect(); done(found); }
  }
  watcher.observe(document, all);
  look();
})
"""


class Browser:
    """One page. *problems*: what its console complained of, or what was refused."""

    def __init__(self, say: int, hear: int) -> None:
        self._say, self._hear = say, hear
        self._rest = b""
        self._last = 0
        self._session = ""
        self.problems: list[str] = []
        self.requests: list[str] = []

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._say, json.dumps(message).encode() + b"\0")
        while True:
            found = self._next()
            if found.get("id") == self._last:
                assert "error" not in found, found["error"]
                return dict(found["result"])
            self._note(found)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._hear, 1 << 16)
            assert data, "the browser has ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        match event.get("method"):
            case "Log.entryAdded":
                self.problems.append(told["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(told["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])

    def start(self, wide: int, high: int) -> Self:
        """Open an empty page of this size."""
        target = self.ask("Target.createTarget", url="about:blank")
        attached = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=wide, height=high,
                 deviceScaleFactor=1, mobile=False)  # fmt: skip
        return self

    def open(self, url: str) -> None:
        """Go to *url*."""
        self.ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        found = self.ask("Runtime.evaluate", expression=script, awaitPromise=True,
                         returnByValue=True)  # fmt: skip
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, condition: str) -> Any:
        """What the body of a function returns once that is true; asked when the page changes."""
        return self.run(f"({_WAIT})(() => {{ {condition} }})")

    def press(self, key: str, code: int = 0) -> None:
        """Press a key, as a person does."""
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code)

    def dark(self) -> None:
        """As for who prefers dark colours."""
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark"}])  # fmt: skip

    def picture(self, file: Path) -> None:
        """Write what is seen as PNG."""
        found = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(found["data"]))


@contextmanager
def browser(home: Path, wide: int = 1400, high: int = 950) -> Iterator[Browser]:
    """A browser with an empty profile in *home*; all its processes are gone afterwards."""
    theirs, say = os.pipe()
    hear, told = os.pipe()
    options = [*_OPTIONS, f"--user-data-dir={home}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    process = subprocess.Popen(
        [sys.executable, "-c", _BEGIN, str(theirs), str(told), "chromium", *options, "about:blank"],
        pass_fds=(theirs, told), start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(home)},
    )  # fmt: skip
    os.close(theirs)
    os.close(told)
    try:
        yield Browser(say, hear).start(wide, high)
    finally:
        os.close(say)
        os.close(hear)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
