"""What the room says: a template, filled with a project's facts."""

from dataclasses import dataclass
from typing import ClassVar

from domain.documents.values import Form, ProjectFile
from models.enums import Attention


@dataclass(frozen=True)
class FilledTemplate:
    """A template that somebody asked for, with what the record knows of the project in it."""

    kind: ClassVar[str] = "filled_template"
    attention: ClassVar[Attention] = Attention.FREE

    form: Form
    facts: ProjectFile
