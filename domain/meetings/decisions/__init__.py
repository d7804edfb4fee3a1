"""What a council decides: recorded in a meeting or out of cycle, numbered, looked up."""
