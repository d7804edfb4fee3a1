"""Why a press or an answer comes to nothing, in words for whoever pressed."""

from domain.errors import PmobotError


class NotWantedError(PmobotError):
    """No answer is wanted for the project just now; the text says why."""


class AnsweredError(PmobotError):
    """The request is answered already, and what was pressed would say nothing more."""

    def __init__(self, code: str, author: str) -> None:
        super().__init__(
            f"{code} is answered already, by {author}: nothing was saved a second time. "
            "*Correct* in the request message opens the answer."
        )
