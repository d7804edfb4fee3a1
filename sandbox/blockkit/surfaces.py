"""What a message, a modal and an App Home may hold."""

from typing import Any, Literal

from sandbox.blockkit.problem import Problem

Surface = Literal["message", "modal", "home"]


def check_blocks(blocks: list[Any], surface: Surface) -> list[Problem]:
    """Return what is wrong with the blocks of a surface."""
    return []


def check_view(view: Any) -> list[Problem]:
    """Return what is wrong with a modal or App Home."""
    return []
