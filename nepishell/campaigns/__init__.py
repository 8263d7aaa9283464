"""Many runs of one recipe: what is varied, who runs it where, and what came of it in one table."""
