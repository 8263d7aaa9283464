"""Hosts that are chosen: an inventory, what is wanted of them, who has them, and who failed."""
