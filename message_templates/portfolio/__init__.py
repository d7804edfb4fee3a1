"""How projects look to those who ask for them: lists, cards, help and short answers."""
