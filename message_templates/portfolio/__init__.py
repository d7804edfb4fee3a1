"""How projects look to those who ask for them: lists, the card of one, help."""
