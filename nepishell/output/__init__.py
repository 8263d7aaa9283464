"""Records -> text: tables, JSON, CSV, and the stages of a pipe. Pure functions; prints nothing."""
