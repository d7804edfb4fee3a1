"""Who has not answered is reminded, step by step."""
