"""Wiring, settings, the command line and the Slack client: the only place that knows every part."""
