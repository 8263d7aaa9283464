"""What tools print, as numbers: pure functions with golden samples of real output as tests."""
