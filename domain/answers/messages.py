"""What the room says."""

from dataclasses import dataclass
from typing import ClassVar

from models.enums import Attention


@dataclass(frozen=True)
class HowToAsk:
    """Tells somebody who wrote to the bot what it understands."""

    kind: ClassVar[str] = "how_to_ask"
    attention: ClassVar[Attention] = Attention.FREE

    command: str
    """The slash command, such as `/project`."""
