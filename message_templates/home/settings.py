"""The form of one's own settings: builds it, and reads what was chosen in it."""

import json
from datetime import time
from typing import Any, Final

from domain.calendar.day_rules import WEEKDAYS
from domain.calendar.rules import Leave, parse_day
from domain.health.settings_rules import ASK_AT, AWAY_FROM, AWAY_UNTIL
from domain.health.values import CouncilChoice, OwnSettings, SettingsWish
from message_templates import kit
from message_templates.home.personal import days_in_words
from message_templates.kit import Block
from message_templates.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from message_templates.markup import load
from models.enums import FollowersWish

_TEMPLATE: Final = "home/settings"

CALLBACK: Final = "own_settings"

_WEEKDAYS: Final = "weekdays"
_DIGESTS: Final = "digests"
_FOLLOWED: Final = "followed"
_AS_USUAL: Final = FollowersWish.WEEKLY.value
_AS_COUNCIL: Final = "council"
"""The choice of no hour of one's own: Slack takes no option without a value."""

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STEP: Final = 30
"""Minutes between two hours that can be chosen."""
_TOLD: Final = 5


def settings_view(own: OwnSettings) -> Block:
    """The form, as somebody's settings are."""
    texts = load(_TEMPLATE)
    return kit.modal(
        texts.part("title"),
        [*_time(own), *_away(own), *_digests(own), _followed(own)],
        submit=texts.part("save"),
        close=texts.part("cancel"),
        callback_id=CALLBACK,
        private_metadata=json.dumps(
            {"leave": [str(own.leave.first), str(own.leave.until)] if own.leave else None}
        ),
    )


def read_settings(view: dict[str, Any]) -> SettingsWish:
    """What was chosen in the form."""
    values = view["state"]["values"]

    def chosen(field: str, kind: str) -> Any:
        return values.get(field, {}).get(field, {}).get(kind)

    ask_at = (chosen(ASK_AT, "selected_option") or {}).get("value", _AS_COUNCIL)
    return SettingsWish(
        ask_at="" if ask_at == _AS_COUNCIL else ask_at,
        weekdays=tuple(each["value"] for each in chosen(_WEEKDAYS, "selected_options") or ()),
        away_from=chosen(AWAY_FROM, "selected_date") or "",
        away_until=chosen(AWAY_UNTIL, "selected_date") or "",
        leave=_shown_leave(view["private_metadata"]),
        council_ids=frozenset(
            int(each["value"]) for each in chosen(_DIGESTS, "selected_options") or ()
        ),
        followed=(chosen(_FOLLOWED, "selected_option") or {}).get("value", _AS_USUAL),
    )


def _shown_leave(metadata: str) -> Leave | None:
    shown = json.loads(metadata)["leave"]
    return Leave(*map(parse_day, shown)) if shown else None


def _time(own: OwnSettings) -> list[Block]:
    texts = load(_TEMPLATE)
    own_hour = f"{own.ask_at:%H:%M}" if own.ask_at else _AS_COUNCIL
    hours = [f"{time(minute // 60, minute % 60):%H:%M}" for minute in range(0, 24 * 60, _STEP)]
    hours = sorted({*hours, own_hour} - {_AS_COUNCIL})
    options = [
        kit.option(texts.part("as_council"), _AS_COUNCIL),
        *(kit.option(each, each) for each in hours),
    ]
    worked = own.hours.working.weekdays
    boxes = [kit.option(_DAYS[number], name) for number, name in enumerate(WEEKDAYS)]
    ticked = [name for number, name in enumerate(WEEKDAYS) if number in worked]
    usual = days_in_words(own.usual_weekdays)
    return [
        kit.input_block(
            texts.part("ask_at"),
            kit.static_select(ASK_AT, options, initial=own_hour),
            block_id=ASK_AT,
            hint=texts.part("ask_at_hint", zone=own.zone),
        ),
        kit.input_block(
            texts.part("weekdays"),
            kit.checkboxes(_WEEKDAYS, boxes, initial=ticked),
            block_id=_WEEKDAYS,
            hint=texts.part("weekdays_hint", days=usual),
            optional=True,
        ),
    ]


def _away(own: OwnSettings) -> list[Block]:
    texts, leave = load(_TEMPLATE), own.leave
    blocks = [
        kit.input_block(
            texts.part("away_from"),
            kit.datepicker(AWAY_FROM, initial=leave.first if leave else None),
            block_id=AWAY_FROM,
            optional=True,
        ),
        kit.input_block(
            texts.part("away_until"),
            kit.datepicker(AWAY_UNTIL, initial=leave.until if leave else None),
            block_id=AWAY_UNTIL,
            hint=texts.part("away_hint"),
            optional=True,
        ),
    ]
    if own.told_leave:
        blocks.append(kit.context(texts.part("told_leave", leave=own.told_leave[:_TOLD])))
    return blocks


def _digests(own: OwnSettings) -> list[Block]:
    """The councils to choose from: those that are chosen first, as far as a menu holds them."""
    if not own.councils:
        return []
    texts = load(_TEMPLATE)
    offered = sorted(own.councils, key=_not_subscribed)[:SELECT_OPTIONS]
    options = [
        kit.option(kit.shorten(each.name, OPTION_TEXT), str(each.council_id)) for each in offered
    ]
    menu = kit.multi_static_select(
        _DIGESTS,
        options,
        initial=[str(each.council_id) for each in offered if each.is_subscribed],
        placeholder=texts.part("digests_placeholder"),
    )
    hint = texts.part("digests_hint")
    label = texts.part("digests")
    return [kit.input_block(label, menu, block_id=_DIGESTS, hint=hint, optional=True)]


def _followed(own: OwnSettings) -> Block:
    """How to hear of what is followed."""
    texts = load(_TEMPLATE)
    options = [kit.option(texts.part(each.value), each.value) for each in FollowersWish]
    menu = kit.static_select(_FOLLOWED, options, initial=own.followed.value)
    hint = texts.part("followed_hint")
    return kit.input_block(texts.part("followed"), menu, block_id=_FOLLOWED, hint=hint)


def _not_subscribed(choice: CouncilChoice) -> bool:
    return not choice.is_subscribed
