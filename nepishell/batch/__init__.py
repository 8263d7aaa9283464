"""No terminal: files, -c, standard input; exit codes; never the prompt's library."""
