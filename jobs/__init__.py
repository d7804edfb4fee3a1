"""The other edge of the house: what the clock asked."""
