"""What is shown of the room `calendar`."""
