"""What a rehearsal looks like, in Slack and in words for a terminal."""
