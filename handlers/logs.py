"""Slack's side of the lists: `/project risks`, and the modals that add, change and close."""
