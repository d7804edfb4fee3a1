"""Tables and queries: what is stored, and nothing about what is right."""
