"""What the room says."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class HowToAsk:
    """Tells somebody who wrote to the bot what it understands."""

    kind: ClassVar[str] = "how_to_ask"

    command: str
    """The slash command, such as `/project`."""
