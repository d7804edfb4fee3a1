"""What is recorded in a meeting: decisions, actions, what is parked."""
