"""Slack's side of health: the PMO's page, and what its buttons do."""
