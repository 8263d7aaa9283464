"""Graphs of networks, made, read and described; and which host serves whom."""
