"""Finds sections by a question: words, spelling, languages, facets, ranking; no model."""
