"""How the combined summary looks: the head message, and the replies in its thread."""
