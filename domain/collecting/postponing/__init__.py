"""Answering later, and a project on hold."""
