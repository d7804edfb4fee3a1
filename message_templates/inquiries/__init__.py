"""How *Ask the PM* looks: its button, its windows, and what is said of inquiries."""

from typing import Final

ASK_PM: Final = "ask_pm"
"""The action of the button that asks a project's PM; its value is the project's number."""
