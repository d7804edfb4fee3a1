"""How saying something can go wrong: seven ways, because each asks for another next step."""

from domain.errors import PmobotError


class CannotMendError(PmobotError):
    """What somebody wants to try again or drop is not given up, or worth nothing any more."""


class DeliveryTrouble(PmobotError):  # noqa: N818 - the base of several, all of them named by what to do
    """A call to Slack that did not go through."""

    is_local = False
    """Whether the place is the cause: if not, it is one trouble, however many places it hits."""

    def __init__(self, code: str, reason: str, cure: str = "") -> None:
        super().__init__(f"{reason}; {cure}" if cure else reason)
        self.code = code
        """Slack's own word, or ours: the same trouble is told once a day."""
        self.reason = reason
        self.cure = cure


class RetryAfter(DeliveryTrouble):
    """Slack asks everybody to wait; it is nobody's fault and no failed attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited", f"Slack asked to wait {seconds:g} seconds")
        self.seconds = seconds


class Transient(DeliveryTrouble):
    """Slack did not take it, and the same call may go through later."""


class PictureNotReady(Transient):
    """Slack does not know, or not yet, the file of a picture that the message shows."""


class Ambiguous(DeliveryTrouble):
    """Slack may have taken it or not: the answer was lost."""


class Permanent(DeliveryTrouble):
    """The same call can never go through until somebody mends the cause."""

    def __init__(self, code: str, reason: str, cure: str = "", *, is_local: bool = True) -> None:
        super().__init__(code, reason, cure)
        self.is_local = is_local


class FileRefused(Permanent):
    """Slack takes the message, but not with the file that it brings along."""


class Disconnected(DeliveryTrouble):
    """Slack refuses the bot altogether: nothing can be said anywhere until that is mended."""
