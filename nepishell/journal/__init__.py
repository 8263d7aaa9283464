"""What happened, on disk: an append-only journal per run, its readers, and the run directories."""
