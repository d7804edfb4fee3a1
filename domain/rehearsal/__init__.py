"""Tells, from a copy of the record that was played ahead, who will get what and when."""
