"""The form: opened, checked, sent."""
