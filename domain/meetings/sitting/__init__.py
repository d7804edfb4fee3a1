"""A meeting while it runs: opened and closed, its live card, what is pressed on it."""
