"""How following a project looks: the button, and what is said to who presses or types it."""

from typing import Final

FOLLOW: Final = "follow_project"
"""The action of the button *Follow*; its value is the project's number."""
