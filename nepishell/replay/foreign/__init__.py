"""Experiments that people already have: files of Mininet, containerlab and Kathará, as recipes."""
