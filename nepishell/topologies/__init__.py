"""Graphs of what an experiment needs and what there is: which host for whom."""
