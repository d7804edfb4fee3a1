"""Templates of the PMO, filled with what the record knows of a project."""
