"""Asking project managers, taking their answers, keeping every version of them."""
