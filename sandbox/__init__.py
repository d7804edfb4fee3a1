"""A local Slack workspace: try a Slack app with no Slack account, and test it over the wire."""
