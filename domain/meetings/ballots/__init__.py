"""Votes out of cycle: a question that a council decides by direct messages, within a window."""
