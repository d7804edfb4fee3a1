"""Slack's side of filled templates: the word of `/project`, the button and its window."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.documents.rules import read_other, read_wish
from domain.documents.service import DocumentsService
from domain.documents.values import Form
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Answer, Word
from handlers.people import who
from message_templates.documents.filled import (
    CALLBACK,
    FILL,
    choosing_view,
    no_file,
    on_its_way,
    on_its_way_view,
    read_choosing,
)
from message_templates.kit import Rendered
from message_templates.portfolio.help import CommandHelp

WORD = "template"

_HELP = CommandHelp(
    WORD,
    f"{COMMAND} {WORD} NAME [CODE]",
    "What a template is for and what goes into it; with a project's code, filled in for it.",
)


def with_projects(words: Sequence[Word], documents: DocumentsService, clock: Clock) -> list[Word]:
    """The words, of which `template` fills one in where a project is named."""
    return [_filling(each, documents, clock) if each.help.name == WORD else each for each in words]


def _filling(word: Word, documents: DocumentsService, clock: Clock) -> Word:
    def filled_or(otherwise: Answer) -> Answer:
        async def answer(viewer: Viewer, text: str) -> Sequence[Rendered]:
            wish = read_wish(text)
            project_id = await documents.project_of(viewer, wish) if wish else None
            if wish is None or project_id is None:
                other = read_other(text)
                if other and await documents.is_code(viewer, other[1]):
                    return [no_file(*other)]
                return await otherwise(viewer, text)
            ask = uuid4().hex  # a command comes but once
            return [
                on_its_way(await documents.fill(viewer, wish.form, project_id, ask, clock.now()))
            ]

        return answer

    among_others = word.among_others and filled_or(word.among_others)
    return replace(word, help=_HELP, answer=filled_or(word.answer), among_others=among_others)


def register(
    app: AsyncApp, documents: DocumentsService, people: PeopleService, clock: Clock
) -> None:
    async def choose(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        form = Form(body["actions"][0]["value"])
        view = choosing_view(form, await documents.projects(viewer))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def fill(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer, view = await who(people, body["user"]["id"]), body["view"]
        wish = read_choosing(view)
        project_id = await documents.project_of(viewer, wish)
        if project_id is not None:
            # By the window: one that Slack hands over twice is one ask.
            filling = await documents.fill(viewer, wish.form, project_id, view["id"], clock.now())
            await ack(response_action="update", view=on_its_way_view(filling))

    app.action(FILL)(choose)
    app.view(CALLBACK)(fill)
