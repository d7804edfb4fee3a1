"""Checks what the app wants to say: text, blocks, attachments and metadata of a message."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.args import Args
from sandbox.blockkit import Problem, check_blocks, total_chars
from sandbox.errors import SlackError
from sandbox.inputs import with_ids
from sandbox.limits import (
    ATTACHMENTS,
    BLOCKS_TOTAL_CHARS,
    MARKDOWN_TEXT,
    MESSAGE_TEXT_TRUNCATED_AT,
    METADATA_BYTES,
)
from sandbox.workspace import Json, Workspace


@dataclass(frozen=True)
class Content:
    """The checked content of a message; None where the app gave nothing."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.text or self.blocks or self.attachments)


def read_content(args: Args, *, total_limit: bool = True) -> Content:
    """Check the content of a message in `args`; raises `SlackError`.

    `total_limit` is the limit over all blocks, which Slack does not apply to response URLs.
    """
    blocks = _blocks(args, total_limit=total_limit)
    text = args.text("text") if args.has("text") else None
    if args.has("markdown_text"):
        blocks = _markdown(args)
    warnings = []
    if text is not None and len(text) > MESSAGE_TEXT_TRUNCATED_AT:
        text, warnings = text[:MESSAGE_TEXT_TRUNCATED_AT], ["message_truncated"]
    return Content(text, blocks, _attachments(args), read_metadata(args), warnings)


def read_metadata(args: Args) -> Json | None:
    """Check `metadata`; raises `SlackError`."""
    metadata = args.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if metadata and not (
        isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def refuse(error: str, problems: list[Problem]) -> None:
    """Raise Slack's refusal if there are problems."""
    if problems:
        raise SlackError(error, [str(problem) for problem in problems])


def check_pictures(workspace: Workspace, blocks: list[Json] | None) -> None:
    """Refuse blocks that show a file whose upload is not completed, or that there is not."""
    refuse("invalid_blocks", list(_unknown_files(workspace, blocks or [], "/blocks")))


def _unknown_files(workspace: Workspace, value: Any, at: str) -> Iterator[Problem]:
    parts: list[tuple[Any, Any]] = []
    if isinstance(value, list):
        parts = list(enumerate(value))
    elif isinstance(value, dict):
        parts = list(value.items())
    for name, part in parts:
        if name == "slack_file" and not _is_known(workspace, part):
            yield Problem(f"{at}/slack_file", "invalid slack file")
        yield from _unknown_files(workspace, part, f"{at}/{name}")


def _is_known(workspace: Workspace, shown: Json) -> bool:
    if "url" in shown:
        named = shown["url"].startswith(f"{workspace.base_url}/files/")
        file = workspace.files.get(shown["url"].split("/")[-2]) if named else None
    else:
        file = workspace.files.get(shown["id"])
    return file is not None and file.completed


def linked_files(workspace: Workspace, content: Content) -> list[str]:
    """The app's files whose permalinks a post of the app contains: that shares them, as in Slack.

    People's posts share nothing so: they cannot see what the app has uploaded for itself.
    """
    written = json.dumps([content.text, content.blocks, content.attachments])
    named = re.findall(rf"{re.escape(workspace.base_url)}/files/(F\w+)/", written)
    known = (workspace.files.get(file_id) for file_id in dict.fromkeys(named))
    return [file.id for file in known if file is not None and file.completed]


def _blocks(args: Args, *, total_limit: bool) -> list[Json] | None:
    blocks: Any = args.parsed("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    refuse("invalid_blocks", check_blocks(blocks, "message"))
    if total_limit and total_chars(blocks) > BLOCKS_TOTAL_CHARS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def _markdown(args: Args) -> list[Json]:
    if args.has("text") or args.has("blocks"):
        raise SlackError("markdown_text_conflict")
    text = args.text("markdown_text")
    if len(text) > MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    return [{"type": "markdown", "text": text}]


def _attachments(args: Args) -> list[Json] | None:
    attachments = args.parsed("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return attachments
