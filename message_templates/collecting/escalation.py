"""What sponsors, PMs and the PMO read of reports that were missed several times in a row."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.collecting.messages import (
    MissedItem,
    SilentProjects,
    SponsorNotice,
    SponsorNoticeCopy,
)
from message_templates import kit
from message_templates.health import Grey, health_words
from message_templates.kit import Rendered
from message_templates.markup import Marked, load, rich_text

_TEMPLATE: Final = "collecting/escalation"
_SHOWN: Final = 30
"""Projects of one message; a council with more silent ones has them all in its digest."""

_NAME, _PERSON = 80, 60
_CODES: Final = 20


def render_sponsor_notice(message: SponsorNotice) -> list[Rendered]:
    """Tell a sponsor, without blame."""
    return _message("sponsor", message)


def render_copy_for_pm(message: SponsorNoticeCopy) -> list[Rendered]:
    """Tell the PM what the sponsor reads."""
    return _message("copy", message)


def render_silent(message: SilentProjects) -> list[Rendered]:
    """Tell the PMO which projects of a council are silent."""
    return _message("silent", message)


def _message(
    part: str, message: SponsorNotice | SponsorNoticeCopy | SilentProjects
) -> list[Rendered]:
    texts = load(_TEMPLATE)
    values = {"message": message, "many": len(message.items) > 1}
    items = _items(message.items, with_trouble=isinstance(message, SilentProjects))
    blocks = [
        *rich_text(texts.part(part, **values)),
        *rich_text(items),
        kit.context(texts.part(f"{part}_cure")),
    ]
    codes = [item.code for item in message.items[:_CODES]]
    return [Rendered.of(texts.part(f"{part}_fallback", message=message, codes=codes), blocks)]


def _items(items: Sequence[MissedItem], *, with_trouble: bool) -> Marked:
    shown = [
        (
            replace(item, name=kit.shorten(item.name, _NAME), pm=kit.shorten(item.pm, _PERSON)),
            health_words(item.last_health, Grey.NOT_RATED) if item.last_health else "",
        )
        for item in items[:_SHOWN]
    ]
    return load(_TEMPLATE).part(
        "items", items=shown, left=len(items) - len(shown), with_trouble=with_trouble
    )
