"""How troubles of delivery look to the PMO, and what is left of a message that is not needed."""
