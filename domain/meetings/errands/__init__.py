"""What the clock does for each meeting at its hour, each once."""
