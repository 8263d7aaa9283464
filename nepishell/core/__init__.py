"""What an experiment is: values and pure functions; no thread, clock, file or socket."""
