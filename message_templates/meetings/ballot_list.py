"""`/project vote`: what councils vote on between their meetings, and what came of it of late."""

from typing import Final

from domain.meetings.ballots.values import BallotCard, BallotList, CouncilBallots
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text
from message_templates.meetings.ballot import result_lines
from models.enums import BallotState

OPEN: Final = "ballot_open"
"""The action of the button that opens a vote's window; its value is the council's number."""

CANCEL: Final = "ballot_cancel"
"""The same for the window with the reason; its value is the ballot's number."""

_TEMPLATE: Final = "meetings/ballot_list"
_NAMES: Final = 500


def ballot_messages(found: BallotList) -> list[Rendered]:
    """Show votes, council by council."""
    texts = load(_TEMPLATE)
    head: list[Block] = [kit.header(texts.part("title"))]
    if not found.councils:
        head += rich_text(texts.part("no_council"))
    sections = [section for each in found.councils for section in _council(each)]
    packed = kit.pack([head, *sections, [kit.context(texts.part("hint"))]])
    cards = [card for each in found.councils for card in each.cards]
    count = sum(each.state is BallotState.OPEN for each in cards)
    return [Rendered.of(texts.part("fallback", count=count), blocks) for blocks in packed]


def _council(own: CouncilBallots) -> list[list[Block]]:
    texts = load(_TEMPLATE)
    head = [kit.divider(), *rich_text(texts.part("council", council=own.council))]
    if own.why_not:
        head += rich_text(texts.part("why_not", why=own.why_not))
    elif not own.cards:
        head += rich_text(texts.part("nothing"))
    sections = [head, *(_card(each) for each in own.cards)]
    if own.may_open:
        button = kit.button(texts.part("open"), OPEN, value=str(own.council_id))
        sections.append([kit.actions(button)])
    return sections


def _card(card: BallotCard) -> list[Block]:
    texts = load(_TEMPLATE)
    waiting = kit.shorten(", ".join(card.waiting), _NAMES) if card.waiting else ""
    text = texts.part("card", card=card, state=card.state.value, waiting=waiting)
    blocks = rich_text(text)
    if card.result is not None:
        blocks += rich_text(result_lines(card.result, is_secret=card.is_secret))
    if card.may_run and card.state is BallotState.OPEN:
        cancel = kit.button(texts.part("cancel"), CANCEL, value=str(card.ballot_id))
        blocks.append(kit.actions(cancel))
    return blocks
