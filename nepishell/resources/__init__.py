"""What an experiment is made of: one module for each type of resource, and one table of them.

A newcomer's type is one class in a module here and one line in `table.TYPES`.
"""
