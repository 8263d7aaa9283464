"""Recipes: an experiment as lines in a file. Knows no command: who plays one passes a function."""
