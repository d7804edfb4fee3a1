"""The part of the App Home page that is about whoever opens it."""

from datetime import datetime
from typing import Final

from domain.health.values import Personal
from message_templates import kit
from message_templates.collecting.request import UPDATE
from message_templates.kit import Block
from message_templates.kit.limits import HEADER
from message_templates.markup import load, rich_text

_TEMPLATE: Final = "home/personal"

SHOWN: Final = 10
"""Reports that are waited for, each with its button; the others are counted."""

_OF: Final = 1_500
"""Characters of the list of projects behind one role: about two hundred codes."""
_NAME: Final = 100

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WORKING_WEEK: Final = (0, 1, 2, 3, 4)


def personal_section(me: Personal, now: datetime) -> list[Block]:
    """Tell somebody who they are to the bot, what it wants of them, and by which clock."""
    texts = load(_TEMPLATE)
    roles = [(role, kit.shorten(", ".join(of), _OF) if of else "") for role, of in me.roles.items()]
    about = "guest" if me.is_guest and not roles else "roles"
    return [
        kit.header(texts.part("headline", name=kit.shorten(me.name, HEADER - len("Hello ")))),
        *rich_text(texts.part(about, roles=roles)),
        *_wanted(me),
        *rich_text(
            texts.part(
                "time",
                time=me.time,
                now=now,
                days=_days(me.time.weekdays),
                is_written_to=bool(me.roles),
            )
        ),
        *rich_text(texts.part("help")),
    ]


def _wanted(me: Personal) -> list[Block]:
    """What is waited for, and when the next request comes; nothing for whoever is never asked."""
    texts, zone = load(_TEMPLATE), me.time.zone
    blocks: list[Block] = []
    if me.wanted:
        blocks.append(kit.header(texts.part("wanted_headline")))
    for one in me.wanted[:SHOWN]:
        shown = {"code": one.code, "name": kit.shorten(one.name, _NAME)}
        text = texts.part(
            "wanted", one={**shown, "is_over": one.is_over, "cut_off_at": one.cut_off_at}, zone=zone
        )
        button = kit.button(
            texts.part("update"), UPDATE, value=str(one.request_id), style="primary"
        )
        blocks.append(kit.section(text, accessory=button))
    if rest := len(me.wanted) - SHOWN:
        blocks += rich_text(texts.part("wanted_rest", count=rest)) if rest > 0 else []
    if me.next_ask is not None:
        if not me.wanted:
            blocks += rich_text(texts.part("nothing"))
        councils = kit.shorten(" and ".join(me.next_ask.councils), _OF)
        blocks += rich_text(texts.part("next_ask", at=me.next_ask.at, councils=councils, zone=zone))
    return blocks


def _days(weekdays: tuple[int, ...]) -> str:
    if weekdays == _WORKING_WEEK:
        return "Monday to Friday"
    return ", ".join(_DAYS[number] for number in weekdays)
