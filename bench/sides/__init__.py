"""What is timed: one module per side, each prints one JSON object of numbers."""
