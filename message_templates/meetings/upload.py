"""The window in which a calendar file is chosen, and what came of it."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from domain.meetings.calendar_in.values import Followed, Uploading
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import load, rich_text

CALLBACK: Final = "meeting_upload_window"

TAKE_BACK: Final = "meeting_upload_back"
"""The action of the button that ends following a file; its value is the council's number."""

_TEMPLATE: Final = "meetings/upload"
_FILE: Final = "file"
_NAME: Final = 75


class Chosen(NamedTuple):
    """A file that somebody has chosen."""

    council_id: int
    name: str
    address: str


def upload_view(window: Uploading) -> Block:
    """Build the window."""
    texts = load(_TEMPLATE)
    field = kit.file_input(_FILE, filetypes=["ics"])
    blocks = [
        *rich_text(texts.part("intro", window=window)),
        kit.input_block(texts.part("file"), field, block_id=_FILE),
    ]
    if window.followed:
        blocks += rich_text(texts.part("followed", name=kit.shorten(window.followed, _NAME)))
        sure = kit.confirm(texts.part("sure"), texts.part("sure_text"), texts.part("take_back"))
        value = str(window.council_id)
        button = kit.button(texts.part("take_back"), TAKE_BACK, value=value, confirm=sure)
        blocks.append(kit.actions(button))
    return kit.modal(
        texts.part("title"),
        blocks,
        submit=texts.part("submit"),
        close=texts.part("back"),
        callback_id=CALLBACK,
        private_metadata=json.dumps({"council_id": window.council_id}),
    )


def read_upload(view: Mapping[str, Any]) -> Chosen:
    """Read a submitted window."""
    (file,) = view["state"]["values"][_FILE][_FILE]["files"]
    council_id = int(json.loads(view["private_metadata"])["council_id"])
    return Chosen(council_id, str(file["name"]), str(file["url_private_download"]))


def reading_view(name: str) -> Block:
    """Build what stands there while the file is read."""
    return _plain("reading", name=kit.shorten(name, _NAME))


def followed_view(found: Followed) -> Block:
    """Build what takes its place."""
    return _plain("problem" if found.problem else "outcome", found=found)


def _plain(part: str, **values: Any) -> Block:
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part(part, **values))
    return kit.modal(texts.part("title"), blocks, close=texts.part("close"))
