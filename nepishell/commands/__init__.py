"""What a person can type: one module per group, one decorated function per command.

Handlers check, act on the controller, and return records; they never print. Recipes, the prompt,
labs and tests all use the same functions.
"""
