"""Whom to ask when, and the one message that asks for all of a person's projects."""
