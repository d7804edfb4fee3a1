"""Questions that one person asks another about a project, answered by them, on the record."""
