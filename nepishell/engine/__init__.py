"""How an experiment runs: clock, scheduler, workers, life cycle, failure policy, bus, controller.

Start reading at `controller.py` (what a user calls) and `lifecycle.py` (the only writer of states).
"""
