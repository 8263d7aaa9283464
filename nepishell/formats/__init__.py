"""An experiment, and what it measured, as files: pictures, graphs, descriptions, tables."""
