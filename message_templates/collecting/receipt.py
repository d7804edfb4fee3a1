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
        is_posted=now >= receipt.readers.at,
    )
    return kit.modal(texts.part("title"), rich_text(saved), close=texts.part("close"))
