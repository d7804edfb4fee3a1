"""The confirmation after a form: what was saved, and who will read it when."""

from datetime import datetime

from domain.collecting.values import Receipt
from message_templates import kit
from message_templates.collecting.request import words
from message_templates.kit import Block
from message_templates.markup import load, rich_text


def receipt_view(receipt: Receipt, now: datetime) -> Block:
    """Build the modal that takes the form's place."""
    texts = load("collecting/receipt")
    saved = texts.part(
        "saved",
        receipt=receipt,
        health=words(receipt.health),
        slip=slip_words(receipt.slip_days),
        is_posted=now >= receipt.readers.at,
    )
    return kit.modal(texts.part("title"), rich_text(saved), close=texts.part("close"))


def slip_words(days: int | None) -> str:
    """A slip as one reads it at a glance: `+14 d`, `-3 d`, `as planned`; empty if unknown."""
    if days is None:
        return ""
    return f"{days:+,} d" if days else "as planned"
