"""A council's meetings from a calendar file that somebody has uploaded."""
