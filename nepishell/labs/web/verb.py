"""What is typed to see a lab in a browser: `lab view`."""

import os

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, tell
from nepishell.formats.optional import load
from nepishell.labs.seats import session_of
from nepishell.lang.registry import LOOK, command

_KEY = "nepishell.labs.web"
#: Loaded when somebody wants to see the page.
_PAGE, _BROWSER = "nepishell.labs.web.page:Page", "webbrowser:open"
#: Where a browser of this person's can open a window.
_DESKTOPS = ("DISPLAY", "WAYLAND_DISPLAY")


@command("lab view", effects=LOOK, group="lab")
def view(ctx: Context) -> Note:
    """Open the lab in a browser: the step, the live network, checks that turn green.

    It is served on this machine only, until the run ends; whoever has the address can look.
    """
    session = session_of(ctx)
    page = ctx.ec.shared(_KEY, lambda: load(_PAGE)(session))
    # anywhere else it would open a browser in this terminal
    is_open = any(map(os.environ.get, _DESKTOPS)) and load(_BROWSER)(page.url)
    return tell(f"{page.url}{'' if is_open else _how(page.url)}", url=page.url)


def _how(url: str) -> str:
    """How to get there from where the person sits."""
    if not os.environ.get("SSH_CONNECTION"):
        return "\nopen this address in a browser"
    port = url.split(":")[2].partition("/")[0]
    return (
        f"\non the machine that you sit at: ssh -L {port}:127.0.0.1:{port} to here, "
        "then open this address"
    )
