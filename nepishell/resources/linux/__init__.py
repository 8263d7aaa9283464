"""Applications: commands that run on any node, and the measurement tools among them."""
