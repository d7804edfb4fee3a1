"""The sample portfolio, its story, and the people who play it; sees the bot only from outside."""
