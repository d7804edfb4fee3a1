"""Figures about the bot, each with the command that makes it; the results stand in RESULTS.md."""
