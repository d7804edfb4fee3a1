"""Councils' meetings: when they are, and how calendars learn of it."""
