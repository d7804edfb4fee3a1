"""The request message: all of a person's projects, each with its button, edited as answers come."""

from collections.abc import Sequence
from typing import Final

from domain.collecting.messages import RequestItem, StatusRequestMessage
from message_templates import kit
from message_templates.health import Grey, health_words
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text
from models.enums import Health, RequestState

UPDATE: Final = "status_update"
"""The action of a project's button; its value is the number of the request."""

CHOOSE: Final = "status_choose"
"""The action of the menu that holds the projects for which there is no room of their own."""

WITH_BUTTON: Final = 30
"""Projects that get a section of their own; Slack takes 50 blocks in a message."""

_OPTIONS: Final = 100
_TEXT_BUDGET: Final = 6_000
"""Characters for the words of people, shared by the projects of one message."""


def render_request(message: StatusRequestMessage) -> list[Rendered]:
    """Render the one message that a person gets for one nominal day."""
    texts = load("collecting/request")
    shown, more = message.items[:WITH_BUTTON], message.items[WITH_BUTTON:]
    share = min(280, _TEXT_BUDGET // max(len(shown), 1))
    answered = [item for item in message.items if item.health is not None]
    blocks = [
        kit.header(texts.part("headline", opens_on=message.opens_on)),
        *rich_text(texts.part("progress", total=len(message.items), answered=len(answered))),
        *(_project(item, share) for item in shown),
        *_more(more),
        kit.context(texts.part("readers", readers=message.readers)),
    ]
    fallback = texts.part(
        "fallback",
        open=[item.code for item in message.items if item.health is None],
        total=len(message.items),
        opens_on=message.opens_on,
    )
    return [Rendered.of(fallback, blocks)]


def words(health: Health, *, is_answer: bool = True) -> str:
    """A health as an answer shows it: an answer without a colour is not rated, never missing."""
    return health_words(health, Grey.NOT_RATED if is_answer else Grey.NO_REPORT)


def _project(item: RequestItem, share: int) -> Block:
    texts = load("collecting/request")
    text = texts.part(
        "project",
        item=item,
        health=words(item.health) if item.health else "",
        last=words(item.last_health) if item.last_health else "",
        summary=kit.shorten(item.summary, share),
        promised=kit.shorten(item.promised, share),
        is_late=item.state is RequestState.LATE,
    )
    is_answered = item.health is not None
    button = kit.button(
        texts.part("correct" if is_answered else "update"),
        UPDATE,
        value=str(item.request_id),
        style=None if is_answered else "primary",
    )
    return kit.section(text, accessory=button)


def _more(items: Sequence[RequestItem]) -> list[Block]:
    """Menus for the projects beyond the first thirty: a PM of so many finds each by its code."""
    if not items:
        return []
    texts = load("collecting/request")
    menus = [
        kit.static_select(
            f"{CHOOSE}:{start}",
            [
                kit.option(kit.shorten(f"{item.code} {item.name}", 75), str(item.request_id))
                for item in items[start : start + _OPTIONS]
            ],
            placeholder=texts.part("choose"),
        )
        for start in range(0, len(items), _OPTIONS)
    ]
    return [*rich_text(texts.part("more", items=items)), kit.actions(*menus)]
