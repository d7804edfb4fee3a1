"""Questions about the record: what is asked, of which project, and what the record says."""
