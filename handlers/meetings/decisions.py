"""Slack's side of the decision log: `/project decisions`, cards, corrections; the figures."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Answer, Word, part_of
from handlers.meetings.parts import WORD, Answered, Parts
from handlers.people import who
from message_templates.kit import Block
from message_templates.logs.list import list_messages
from message_templates.meetings.decision import (
    CALLBACK,
    CORRECT,
    FILE,
    OPEN,
    card_view,
    correcting_view,
    figures_messages,
    log_messages,
    read_correction,
    sent_notice,
)
from message_templates.portfolio.help import CommandHelp
from models.enums import LogKind

_TYPED: Final = re.compile(
    r"(?P<text>.*?)(?:(?:^|\s+)(?P<all>all))?(?:(?:^|\s+)(?P<part>\d{1,4}))?", re.IGNORECASE
)
_MINE, _OVERDUE = "mine", "overdue"

_HELP: Final = CommandHelp(
    "decisions",
    f"{COMMAND} decisions [COUNCIL | CODE | words] [since DATE]",
    "What councils have decided, and what somebody has to decide.",
)


def words(parts: Parts, clock: Clock) -> Sequence[Word]:
    """What is offered to `/project` about decisions: those that are needed, and those taken."""

    async def answer(viewer: Viewer, text: str) -> Answered:
        typed = _TYPED.fullmatch(text.strip())
        asked, all_, part = typed.groups() if typed else (text, None, None)
        is_own = asked.casefold() in ("", _MINE, _OVERDUE)
        log = await parts.logbook.found(viewer, "" if is_own else asked)
        shown = [*await needed(viewer, asked, log.asked.project_id, with_closed=bool(all_))]
        if asked.casefold() != _OVERDUE:
            shown += log_messages(log)
        again = f"{COMMAND} decisions {asked} {all_ or ''}".rstrip()
        return part_of(shown, int(part or 1), again)

    async def needed(
        viewer: Viewer, asked: str, project_id: int | None, *, with_closed: bool
    ) -> Answered:
        kind, now = LogKind.DECISION, clock.now()
        if asked.casefold() == _OVERDUE:
            return list_messages(await parts.logs.overdue(viewer, kind, now))
        if asked.casefold() in ("", _MINE):
            found = await parts.logs.mine(viewer, kind, now)
            return list_messages(found) if found.entries else []
        if project_id is None:
            return []
        code = asked.split(maxsplit=1)[0]
        found = await parts.logs.of_project(viewer, kind, code, now, with_closed=with_closed)
        return list_messages(found)

    return [Word(_HELP, answer)]


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about how councils do."""

    async def figures(viewer: Viewer, text: str) -> Answered:
        found = await parts.logbook.figures(viewer, text, clock.now())
        return part_of(figures_messages(found), 1, f"{COMMAND} {WORD} figures")

    return {"figures": figures}


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def open_(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        await _show(client, body, card_view(await parts.logbook.card(viewer, pressed_number(body))))

    async def correct(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        card = await parts.logbook.card(viewer, pressed_number(body))
        await _show(client, body, correcting_view(card))

    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        number, revision, wording = read_correction(body["view"])
        card = await parts.logbook.correct(viewer, number, revision, wording, clock.now())
        await ack(response_action="update", view=card_view(card))

    async def file(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        count = await parts.logbook.send_file(viewer, pressed(body).strip(), clock.now())
        told = sent_notice(count)
        await respond(
            told.text, blocks=told.blocks, response_type="ephemeral", replace_original=False
        )

    app.action(OPEN)(open_)
    app.action(CORRECT)(correct)
    app.action(FILE)(file)
    app.view(CALLBACK)(save)


async def _show(client: AsyncWebClient, body: dict[str, Any], view: Block) -> None:
    is_in_modal = body.get("view", {}).get("type") == "modal"
    show = client.views_push if is_in_modal else client.views_open
    await show(trigger_id=body["trigger_id"], view=view)
