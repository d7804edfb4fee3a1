"""How meetings look: lists, windows, calendar files."""
