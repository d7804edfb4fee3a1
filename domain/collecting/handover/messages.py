"""What is said when a project gets another manager, or has lost the one it had."""

from dataclasses import dataclass
from typing import ClassVar

from models.enums import Attention


@dataclass(frozen=True)
class ProjectHandedOver:
    """Tells somebody that they manage a project now, or do not any more."""

    kind: ClassVar[str] = "project_handed_over"
    attention: ClassVar[Attention] = Attention.NOTICE

    code: str
    name: str
    is_yours: bool
    """It is theirs now; else it was."""
    other_name: str
    """The manager before, or the new one."""
    actor_name: str


@dataclass(frozen=True)
class ManagerlessProject:
    """A project whose manager has left Slack."""

    code: str
    name: str
    manager: str
    deputy: str
    """Who is asked instead; empty if there is nobody."""


@dataclass(frozen=True)
class ManagersLeft:
    """Tells the PMO of all projects whose managers were found to have left, once."""

    kind: ClassVar[str] = "managers_left"
    attention: ClassVar[Attention] = Attention.NOTICE

    projects: tuple[ManagerlessProject, ...]
