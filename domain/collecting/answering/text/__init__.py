"""Answers in free text: read by rules, and confirmed."""
