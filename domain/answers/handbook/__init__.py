"""The handbook as it stands in files: read, checked, and the words beside it."""
