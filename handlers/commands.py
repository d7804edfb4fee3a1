"""`/project`: finds the word that was meant; each room offers its own words and what they do."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from domain.portfolio.people import PeopleService
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.notices import notice, part_notice
from message_templates.portfolio.help import CommandHelp, help_card

COMMAND = "/project"

MOST_MESSAGES = 5
"""Messages of one answer: Slack takes five after the acknowledgement, which is empty where there
are several, or the bot has to look somebody up first."""

_HELP = CommandHelp("help", f"{COMMAND} help", "This list.")
_ECHOED = 40
"""Characters of an unknown word that are said back."""


Answer = Callable[[Viewer, str], Awaitable[Sequence[Rendered]]]


@dataclass(frozen=True)
class Word:
    """One word of the command, its help, and what answers it."""

    help: CommandHelp
    answer: Answer
    """Gets the viewer and the text behind the word; reads the record only, never Slack."""
    later: Answer | None = None
    """What takes longer than an acknowledgement may; `answer` says that it comes."""
    among_others: Answer | None = None
    """What answers in a conversation with others, where that differs from `answer`."""

    def answer_in(self, channel_id: str) -> Answer:
        """What answers there."""
        is_alone = channel_id.startswith("D")
        return self.answer if is_alone or self.among_others is None else self.among_others


def part_of(messages: Sequence[Rendered], number: int, again: str) -> Sequence[Rendered]:
    """One part of a long answer, as much as Slack takes; its end tells how to read on.

    Args:
        messages: the whole answer.
        number: which part is asked for, from 1 on.
        again: what to type for the same answer, without the number of the part.
    """
    step = MOST_MESSAGES - 1
    rest = messages[(number - 1) * step :] if number else []
    if not rest:
        return [part_notice("no_part", number=number, again=again)]
    if len(rest) <= MOST_MESSAGES:
        return rest
    pointer = part_notice("left", count=len(rest) - step, again=f"{again} {number + 1}")
    return [*rest[:step], pointer]


def register(app: AsyncApp, words: Sequence[Word], people: PeopleService) -> None:
    async def help_(_viewer: Viewer, _text: str) -> Sequence[Rendered]:
        return [help_card([*(word.help for word in words), _HELP])]

    known = {word.help.name: word for word in [*words, Word(_HELP, help_)]}

    async def project(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        name, _, rest = _typed(command.get("text", "")).strip().partition(" ")
        word = known.get(name.casefold() or _HELP.name) or _unknown(name, known)
        answer = word.answer_in(command["channel_id"])
        viewer = await people.viewer(command["user_id"])
        if viewer is None:
            # Only Slack can tell who this is, and no acknowledgement waits for Slack.
            await ack()
            viewer = await who(people, command["user_id"])
            further = await answer(viewer, rest.strip())
        else:
            first, *further = await answer(viewer, rest.strip())
            if further:
                # One way for all: what is sent next may be there before the acknowledgement.
                await ack()
                further = [first, *further]
            else:
                await ack(first.text, blocks=first.blocks, response_type="ephemeral")
        await _send(further, respond)
        if word.later is not None:
            await _send(await word.later(viewer, rest.strip()), respond)

    app.command(COMMAND)(project)


def _typed(text: str) -> str:
    """What was typed: Slack escapes three characters of it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


async def _send(messages: Iterable[Rendered], respond: AsyncRespond) -> None:
    for message in messages:
        await respond(message.text, blocks=message.blocks, response_type="ephemeral")


def _unknown(name: str, known: Iterable[str]) -> Word:
    guess = did_you_mean(name, known)
    text = f"I don't know “{name[:_ECHOED]}”.{guess} {COMMAND} help lists what I know."

    async def answer(_viewer: Viewer, _text: str) -> Sequence[Rendered]:
        return [notice(text)]

    return Word(_HELP, answer)
