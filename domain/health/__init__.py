"""Whether the bot can do its work: what hinders it, why, and what to do about it."""
