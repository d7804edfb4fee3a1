"""How App Home looks: about oneself, one's settings, and for the PMO answers and the bot."""
