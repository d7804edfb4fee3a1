"""What was reported before, and what has changed in it."""
