"""A run without a terminal of its own: served at a socket, shared, attached to, handed over."""
