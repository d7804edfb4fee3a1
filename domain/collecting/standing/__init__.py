"""What may stay as it is with one press."""
