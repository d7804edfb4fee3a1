"""Slack's side of answers: what people ask by command, message or mention, and press afterwards."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.answers.service import AnswersService, Asked
from domain.delivery.messages import Place
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.agent import Agent
from handlers.commands import COMMAND, Answer, Word
from handlers.people import who
from message_templates.answers.answer import (
    HELPFUL,
    NONE_OF_THESE,
    NOT_HELPFUL,
    OPEN,
    SHARE,
    rated,
    read_choice,
    sharing,
)
from message_templates.answers.live import ASK
from message_templates.kit import Rendered
from message_templates.notices import notice
from message_templates.portfolio.help import CommandHelp
from message_templates.rendering import render
from models.enums import AskedIn

_WRITTEN_BY_PEOPLE = (None, "file_share", "me_message", "thread_broadcast")
"""Subtypes of what somebody writes; edits, deletions and notices have others."""

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
"""How Slack writes people, channels, groups and links in a text."""

_NAMES = (
    ("phase", "NAME", "What a phase is for, what lets a project in, and what lets it out."),
    ("template", "NAME", "What a template is for, when it is made, and what goes into it."),
    ("glossary", "TERM", "What a term means."),
)


Reader = Callable[[Viewer, str, dict[str, Any]], Awaitable[bool]]
"""Takes what another room understands, by the event's id and the event; False: it does not."""


def words(answers: AnswersService, clock: Clock) -> Sequence[Word]:
    async def ask(asked_in: AskedIn, viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"What would you like to know? {COMMAND} ask what is a RAID log?")]
        asked = Asked(asked_in, COMMAND)
        messages = await answers.ask(viewer, _as_asked(text), asked, clock.now())
        return [part for each in messages for part in render(each)]

    async def look_up(
        kind: str, asked_in: AskedIn, viewer: Viewer, text: str
    ) -> Sequence[Rendered]:
        asked = Asked(asked_in, COMMAND)
        messages = await answers.look_up(viewer, (kind, _as_asked(text)), asked, clock.now())
        return [part for each in messages for part in render(each)]

    return [
        _word(
            CommandHelp(
                "ask", f"{COMMAND} ask QUESTION", "Ask the PMO's handbook; it names its source."
            ),
            ask,
        ),
        *(
            _word(CommandHelp(kind, f"{COMMAND} {kind} {name}", text), partial(look_up, kind))
            for kind, name, text in _NAMES
        ),
    ]


def _word(
    help_: CommandHelp, answer: Callable[[AskedIn, Viewer, str], Awaitable[Sequence[Rendered]]]
) -> Word:
    alone: Answer = partial(answer, AskedIn.DIRECT)
    return Word(help_, alone, among_others=partial(answer, AskedIn.COMMAND))


def register(
    app: AsyncApp,
    answers: AnswersService,
    read: Reader,
    agent: Agent,
    people: PeopleService,
    clock: Clock,
) -> None:
    async def direct_message(
        body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient
    ) -> None:
        if event.get("channel_type") != "im" or not _is_written(event):
            return
        viewer = await who(people, event["user"])
        thread = agent.thread_of(event)
        async with agent.looking(client, event["channel"], thread) as work:
            if not await read(viewer, body["event_id"], event):
                asked = Asked(AskedIn.DIRECT, COMMAND, body["event_id"])
                place = Place.person(viewer.person_id)
                if thread is not None:
                    place = Place.under(event["channel"], thread)
                text = _as_asked(event.get("text") or "")
                await answers.receive(viewer, text, asked, place, clock.now())
                work.is_answered = True

    async def mention(body: dict[str, Any], event: dict[str, Any]) -> None:
        if not _is_written(event):
            return
        viewer = await who(people, event["user"])
        asked = Asked(AskedIn.MENTION, COMMAND, body["event_id"])
        place = Place.under(event["channel"], event.get("thread_ts") or event["ts"])
        await answers.receive(viewer, _as_asked(event["text"]), asked, place, clock.now())

    app.event("message")(direct_message)
    app.event("app_mention")(mention)
    _register_buttons(app, answers, people, clock)
    _register_asking(app, answers, people, clock)


def _register_buttons(
    app: AsyncApp, answers: AnswersService, people: PeopleService, clock: Clock
) -> None:
    async def open_(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        choice, among_others = read_choice(_value(body)), not _is_dm(body)
        answer = await answers.open(choice, clock.now(), can_be_shared=among_others)
        await _tell(body, respond, render(answer))

    async def rate(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        is_helpful = body["actions"][0]["action_id"] == HELPFUL
        outcome = await answers.rate(int(_value(body)), clock.now(), is_helpful=is_helpful)
        await _tell(body, respond, [rated(outcome)])

    async def share(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        channel_id = body["channel"]["id"]
        await answers.share(viewer, read_choice(_value(body)), channel_id, clock.now())
        await _tell(body, respond, [sharing()])

    app.action(re.compile(f"^{OPEN}:"))(open_)
    app.action(re.compile(f"^({HELPFUL}|{NOT_HELPFUL}|{NONE_OF_THESE})$"))(rate)
    app.action(SHARE)(share)


def _register_asking(
    app: AsyncApp, answers: AnswersService, people: PeopleService, clock: Clock
) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        asked = Asked(AskedIn.DIRECT if _is_dm(body) else AskedIn.COMMAND, COMMAND)
        messages = await answers.ask(viewer, _value(body), asked, clock.now())
        await _tell(body, respond, [part for each in messages for part in render(each)])

    app.action(re.compile(f"^{ASK}:"))(ask)


def _is_written(event: dict[str, Any]) -> bool:
    return event.get("subtype") in _WRITTEN_BY_PEOPLE and "bot_id" not in event


def _value(body: dict[str, Any]) -> str:
    return str(body["actions"][0]["value"])


def _is_dm(body: dict[str, Any]) -> bool:
    return bool(body["channel"]["id"].startswith("D"))


async def _tell(body: dict[str, Any], respond: AsyncRespond, messages: Sequence[Rendered]) -> None:
    """Answer a press where the button stands: among others, only to who pressed it."""
    for each in messages:
        await respond(
            each.text,
            blocks=each.blocks,
            response_type="in_channel" if _is_dm(body) else "ephemeral",
            replace_original=False,
            thread_ts=body.get("container", {}).get("thread_ts"),
        )


def _as_asked(text: str) -> str:
    """A text as its author sees it, but for people: who they are is nothing to the handbook."""

    def shown(found: re.Match[str]) -> str:
        sign, target, label = found.groups()
        if sign in ("@", "!"):
            return " "
        return label or target

    plain = _REFERENCE.sub(shown, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
