"""The page of a lab: served on loopback only, it follows the live experiment in a browser.

`shown` is what the page shows, as values; `server` sends it, `picture` places the hosts,
`markdown` turns the texts of steps into HTML. `static` has the page itself, which loads nothing
from elsewhere.
"""
