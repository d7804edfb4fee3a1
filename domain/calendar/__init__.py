"""When things are due: recurrences, wall times, working days."""
