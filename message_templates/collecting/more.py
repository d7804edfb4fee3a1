"""The modals behind the menu of a project: when to be reminded, and a project on hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from domain.collecting.postponing.service import HoldOffer, SnoozeOffer
from domain.collecting.rules import LONGEST_LINE
from message_templates import kit
from message_templates.kit import Block
from message_templates.kit.limits import MODAL_WORDS
from message_templates.markup import load, plain, rich_text

SNOOZE_CALLBACK: Final = "status_snooze"
HOLD_CALLBACK: Final = "status_hold"

_TEMPLATE: Final = "collecting/more"
_FOR, _AT, _WHAT = "snooze_for", "snooze_at", "snooze_what"
_ALONE, _ALL = "one", "all"
_HOME: Final = "home"
"""At the end of the metadata of a modal that was opened on App Home."""


@dataclass(frozen=True)
class Snooze:
    """What somebody chose who wants to be reminded later."""

    until: datetime
    alone: bool
    """Only that project; else all of the message."""


def snooze_view(offer: SnoozeOffer, *, is_from_home: bool = False) -> Block:
    """Build the modal that asks when to remind."""
    texts = load(_TEMPLATE)
    options = [
        kit.option(
            texts.part("quiet", quiet=each, zone=offer.timezone), str(int(each.until.timestamp()))
        )
        for each in offer.quiets
    ]
    blocks = rich_text(texts.part("snooze_intro", offer=offer))
    if options:
        chosen = kit.radio_buttons(_FOR, options, initial=options[0]["value"])
        blocks.append(kit.input_block(texts.part("snooze_for"), chosen, block_id=_FOR))
    hint = texts.part("snooze_at_hint") if options else None
    picker = kit.datetimepicker(_AT)
    label = texts.part("snooze_at")
    blocks.append(kit.input_block(label, picker, block_id=_AT, hint=hint, optional=bool(options)))
    if offer.waiting > 1:
        what = [
            kit.option(texts.part("snooze_all", offer=offer), _ALL),
            kit.option(texts.part("snooze_one", offer=offer), _ALONE),
        ]
        element = kit.radio_buttons(_WHAT, what, initial=_ALL)
        blocks.append(kit.input_block(texts.part("snooze_what"), element, block_id=_WHAT))
    return kit.modal(
        kit.shorten(plain(texts.part("snooze_title", code=offer.code)), MODAL_WORDS),
        blocks,
        submit=texts.part("snooze_submit"),
        close=texts.part("close"),
        callback_id=SNOOZE_CALLBACK,
        private_metadata=_metadata(offer.request_id, is_from_home=is_from_home),
    )


def read_snooze(view: Mapping[str, Any]) -> Snooze:
    """Read the submitted modal; a time of one's own goes before what was offered."""
    values = view["state"]["values"]
    own = values[_AT][_AT].get("selected_date_time")
    offered = values.get(_FOR, {}).get(_FOR, {}).get("selected_option") or {"value": 0}
    what = values.get(_WHAT, {}).get(_WHAT, {}).get("selected_option") or {"value": _ALONE}
    until = datetime.fromtimestamp(int(own or offered["value"]), UTC)
    return Snooze(until, what["value"] == _ALONE)


def hold_view(offer: HoldOffer, today: date, *, is_from_home: bool = False) -> Block:
    """Build the modal that asks up to when a project is on hold, and why."""
    texts = load(_TEMPLATE)
    until = kit.datepicker("hold_until", initial=offer.until or today + timedelta(days=14))
    reason = kit.plain_text_input(
        "hold_reason", initial=offer.reason or None, max_length=LONGEST_LINE
    )
    return kit.modal(
        kit.shorten(plain(texts.part("hold_title", code=offer.code)), MODAL_WORDS),
        [
            *rich_text(texts.part("hold_intro", offer=offer)),
            kit.input_block(texts.part("hold_until"), until, block_id="hold_until"),
            kit.input_block(
                texts.part("hold_reason"),
                reason,
                block_id="hold_reason",
                hint=texts.part("hold_reason_hint"),
            ),
        ],
        submit=texts.part("hold_submit"),
        close=texts.part("close"),
        callback_id=HOLD_CALLBACK,
        private_metadata=_metadata(offer.request_id, is_from_home=is_from_home),
    )


def read_hold(view: Mapping[str, Any]) -> dict[str, str]:
    """Read the submitted modal: the typed texts by field."""
    values = view["state"]["values"]
    return {
        "hold_until": values["hold_until"]["hold_until"].get("selected_date") or "",
        "hold_reason": values["hold_reason"]["hold_reason"].get("value") or "",
    }


def opened_for(view: Mapping[str, Any]) -> tuple[int, bool]:
    """For which request a modal was opened, and whether on App Home."""
    request_id, _, home = view["private_metadata"].partition(":")
    return int(request_id), home == _HOME


def _metadata(request_id: int, *, is_from_home: bool) -> str:
    return f"{request_id}:{_HOME if is_from_home else ''}"
