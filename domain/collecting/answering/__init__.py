"""From what somebody says to a version of the report that is kept."""
