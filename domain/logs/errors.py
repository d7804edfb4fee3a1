"""What can go wrong in the room beyond what every room knows."""

from domain.errors import PmobotError


class StaleEntryError(PmobotError):
    """The entry has changed since it was shown; nothing was saved, and the text says why."""
