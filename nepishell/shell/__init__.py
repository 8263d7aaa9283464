"""The prompt: thin adapters from the grammar and the bus to prompt_toolkit, which is imported here
and nowhere else.
"""
