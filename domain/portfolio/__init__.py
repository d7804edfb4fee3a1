"""The workspace's people, councils and projects: who may see and do what, and how they come in."""
