"""How questions about projects look: the windows, the list, and what is told of them."""

from typing import Final

ASK_PM: Final = "ask_pm"
"""The action of the button that asks a project's PM; its value is the project's number."""

ASK_PMO: Final = "ask_pmo"
"""The action of the button that asks the PMO; its value is the number of a question, or 0."""
