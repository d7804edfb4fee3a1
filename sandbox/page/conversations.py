"""What a conversation shows: its messages as cards, its threads, its day lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from sandbox.page.people import Face, face_of, zone_of
from sandbox.page.render import RenderContext, render_blocks, render_mrkdwn
from sandbox.page.render.dates import clock_time, day_name, long_date
from sandbox.page.render.emoji import emoji_character
from sandbox.page.visit import Visit
from sandbox.workspace import Channel, File, Json, Message, as_micros

PAGE_SIZE = 100
"""How many messages of a channel are shown at once."""
GROUPED_WITHIN = timedelta(minutes=5)
"""Messages of one author that follow each other this closely share one heading."""
_KILO = 1_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is part of a message."""

    name: str
    url: str
    alt: str
    is_picture: bool
    about: str
    """What kind of file it is, and how large."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message as shown."""

    id: str
    ts: str
    author: Face
    time: str
    moment: datetime
    day: str
    body: Markup
    files: list[Attachment]
    reactions: list[tuple[str, int]]
    replies: int
    last_reply: str
    is_edited: bool
    is_private: bool
    """Only visible to the viewer (ephemeral)."""
    starts_day: bool = True
    is_continuation: bool = False
    is_inline: bool = False
    """A reply that stands below its message in the conversation itself."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A message with its replies."""

    root: Card
    replies: list[Card]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stretch of a conversation."""

    cards: list[Card]
    earlier: str
    """The `ts` before which there is more, or an empty string."""


def timeline(
    visit: Visit, channel: Channel, before: str = "", *, shows_replies: bool = False
) -> Timeline:
    """Return the last messages of a conversation, or the last ones before a `ts`.

    Args:
        visit: whose look it is.
        channel: the conversation.
        before: the `ts`.
        shows_replies: as with an agent, where threads stand in the conversation itself.
    """
    everything = visit.workspace.messages_in(channel.id, viewer=visit.user.id)
    threads: dict[str, list[Message]] = defaultdict(list)
    for message in everything:
        if message.is_reply and message.thread_ts:
            threads[message.thread_ts].append(message)
    limit = as_micros(before) if before else None
    shown = [
        message
        for message in everything
        if (not message.is_reply or message.reply_broadcast)
        and (limit is None or as_micros(message.ts) < limit)
    ]
    page = shown[-PAGE_SIZE:]
    context = visit.context("m")
    cards = _grouped([_card(visit, message, context, threads[message.ts]) for message in page])
    if shows_replies:
        cards = list(_with_replies(visit, cards, threads, context))
    return Timeline(cards, page[0].ts if len(shown) > len(page) else "")


def _with_replies(
    visit: Visit,
    cards: Iterable[Card],
    threads: Mapping[str, Sequence[Message]],
    context: RenderContext,
) -> Iterator[Card]:
    """Put each thread below its message; what stands below a thread has its own heading."""
    is_below_thread = False
    for card in cards:
        yield replace(card, is_continuation=card.is_continuation and not is_below_thread)
        replies = threads.get(card.ts, ())
        is_below_thread = bool(replies)
        for reply in replies:
            shown = _card(visit, reply, context, [])
            yield replace(shown, starts_day=False, is_inline=True)


def thread(visit: Visit, channel: Channel, ts: str) -> Thread | None:
    """Return a thread, or None if its first message is gone."""
    root = visit.workspace.message(channel.id, ts)
    if root is None or root.ephemeral_to not in {None, visit.user.id}:
        return None
    replies = visit.workspace.replies(channel.id, ts, viewer=visit.user.id)
    context = visit.context("t")
    cards = _grouped([_card(visit, message, context, []) for message in replies])
    return Thread(_card(visit, root, context, replies), cards)


def _card(visit: Visit, message: Message, context: RenderContext, replies: list[Message]) -> Card:
    dom_id = f"{context.scope}-{message.ts.replace('.', '-')}"
    context = replace(context, scope=dom_id)
    moment = _local(message.ts, visit)
    return Card(
        id=dom_id,
        ts=message.ts,
        author=face_of(visit.workspace.users.get(message.user)),
        time=clock_time(moment),
        moment=moment,
        day=_day(moment, context),
        body=_body(message, context),
        files=_attachments(visit, message),
        reactions=[(emoji_character(name), len(by)) for name, by in message.reactions.items()],
        replies=len(replies),
        last_reply=_when(_local(replies[-1].ts, visit), context) if replies else "",
        is_edited=message.edited is not None,
        is_private=message.ephemeral_to is not None,
    )


def _body(message: Message, context: RenderContext) -> Markup:
    """Render what a message says; as in Slack, the text shows only where there are no blocks."""
    main = (
        render_blocks(message.blocks, context)
        if message.blocks
        else render_mrkdwn(message.text, context)
    )
    legacy = [_legacy(attachment, context) for attachment in message.attachments]
    return Markup().join([main, *legacy])


def _legacy(attachment: Json, context: RenderContext) -> Markup:
    """Render a legacy attachment: its blocks, else its text."""
    blocks = attachment.get("blocks")
    text = str(attachment.get("text") or attachment.get("fallback") or "")
    inner = render_blocks(blocks, context) if blocks else render_mrkdwn(text, context)
    return Markup('<div class="attachment">{}</div>').format(inner)


def _attachments(visit: Visit, message: Message) -> list[Attachment]:
    files = (visit.workspace.files.get(file_id) for file_id in message.files)
    return [_attachment(visit, file) for file in files if file is not None]


def _attachment(visit: Visit, file: File) -> Attachment:
    return Attachment(
        name=file.title or file.name,
        url=visit.file_url(file.id),
        alt=file.alt_txt,
        is_picture=file.is_picture,
        about=f"{file.name.rpartition('.')[2].upper()}, {_size(len(file.content))}",
    )


def _size(count: int) -> str:
    return f"{count} bytes" if count < _KILO else f"{count / _KILO:,.0f} kB"


def _grouped(cards: list[Card]) -> list[Card]:
    """Mark where a day starts, and which cards go on where the one before stopped."""
    grouped: list[Card] = []
    for card in cards:
        last = grouped[-1] if grouped else None
        starts_day = last is None or last.day != card.day
        continues = not starts_day and last is not None and _continues(last, card)
        grouped.append(replace(card, starts_day=starts_day, is_continuation=continues))
    return grouped


def _continues(last: Card, card: Card) -> bool:
    return (
        last.author == card.author
        and last.is_private == card.is_private
        and card.moment - last.moment < GROUPED_WITHIN
    )


def _local(ts: str, visit: Visit) -> datetime:
    moment = datetime.fromtimestamp(as_micros(ts) / 1_000_000, UTC)
    return moment.astimezone(zone_of(visit.user))


def _day(moment: datetime, context: RenderContext) -> str:
    today = context.now.astimezone(context.zone).date()
    near = day_name(moment.date(), today)
    return near.capitalize() if near else long_date(moment, today)


def _when(moment: datetime, context: RenderContext) -> str:
    return f"{_day(moment, context)} at {clock_time(moment)}"
