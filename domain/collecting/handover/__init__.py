"""A request goes to somebody else, for once or for good."""
