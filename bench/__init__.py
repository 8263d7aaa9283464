"""What the project promises in numbers: measured beside a peer, in one run, as ratios.

`./dev bench [name...]` prints; nothing here asserts, and no test is timed.
Each module has `measure() -> list[Figure]`; what is timed runs in a fresh interpreter (`sides/`).
"""
