"""What a council talks about: built from what is due, added by members, ordered by the chair."""
