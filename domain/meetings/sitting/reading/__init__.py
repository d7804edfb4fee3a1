"""Reads what is typed of actions, decisions and votes, by simple rules; nothing is guessed."""
