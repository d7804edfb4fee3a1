"""Drafts of digests for the PMO: approved, held, or with a note on top."""
