"""Argument types: what a word may be, by the names that patterns use (`table`)."""
