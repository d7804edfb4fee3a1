"""The picture of what became of each project in the last cycles."""
