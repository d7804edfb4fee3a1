"""Slack's side of handing a project over: the word of `/project`, and the menu of people."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from domain.collecting.handover.service import HandoverService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Word
from handlers.people import who
from message_templates.collecting.handover import CHOOSE_PM, choose_pm, code_in, handed
from message_templates.kit import Rendered
from message_templates.notices import notice
from message_templates.portfolio.help import CommandHelp


def words(handover: HandoverService, clock: Clock) -> Sequence[Word]:
    async def hand_over(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Which project? Give its code: {COMMAND} handover CODE")]
        code, _, name = text.partition(" ")
        offer = await handover.offer(viewer, code)
        if not name.strip():
            return [choose_pm(offer)]
        person = await handover.find(name)
        if isinstance(person, str):
            return [choose_pm(offer, person)]
        return [handed(await handover.hand_over(viewer, code, person.person_id, clock.now()))]

    return [
        Word(
            CommandHelp(
                "handover",
                f"{COMMAND} handover CODE [@person]",
                "Give a project another PM, who gets what waits for an answer.",
            ),
            hand_over,
        )
    ]


def register(app: AsyncApp, handover: HandoverService, people: PeopleService, clock: Clock) -> None:
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        action = body["actions"][0]
        viewer = await who(people, body["user"]["id"])
        new = await who(people, action["selected_user"])
        outcome = await handover.hand_over(
            viewer, code_in(action["block_id"]), new.person_id, clock.now()
        )
        message = handed(outcome)
        await respond(message.text, blocks=message.blocks, replace_original=True)

    app.action(CHOOSE_PM)(chosen)
