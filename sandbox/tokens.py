"""Which tokens the sandbox takes for the app's."""

from dataclasses import dataclass
from typing import Final

TOKEN_PREFIX: Final = {"bot": "xoxb-", "app": "xapp-"}


@dataclass(frozen=True)
class Tokens:
    """The only tokens accepted; an empty one stands for any of its kind."""

    bot: str = ""
    app: str = ""

    def kind_of(self, token: str) -> str | None:
        """Whose token it is, `bot` or `app`; None if it is not accepted."""
        kinds = [kind for kind, prefix in TOKEN_PREFIX.items() if token.startswith(prefix)]
        if not kinds or getattr(self, kinds[0]) not in ("", token):
            return None
        return kinds[0]


def bearer_of(header: str) -> str:
    """The token of an `Authorization` header; empty if there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
