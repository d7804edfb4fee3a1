"""Who comes, who stands in, who is there, and whether that makes a quorum."""
