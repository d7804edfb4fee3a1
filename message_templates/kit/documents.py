"""Documents of a message: files that its readers open and keep, such as a filled Word template."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Final
from zipfile import ZipFile, is_zipfile

from message_templates.kit import limits
from message_templates.kit.blocks import section
from message_templates.kit.limits import LimitError, check_length
from message_templates.kit.measure import slack_length
from message_templates.kit.objects import Block
from message_templates.markup.writers import Mrkdwn, escape

_NOT_IN_NAMES: Final = frozenset('/\\<>:"|?*') | {chr(code) for code in range(32)}
"""What Windows, the strictest, takes in no file's name."""

_TIMES: Final = "docProps/core.xml"
"""The part of an Office file that says when it was made: another one each time."""


@dataclass(frozen=True)
class Document:
    """A file that a message brings along.

    Making the same thing twice must give the same content: by it the ledger knows that Slack has
    the file already.
    """

    name: str
    """Of the file, with its ending: `ATLAS charter.docx`."""
    data: bytes
    title: str
    """What it is called in Slack."""

    def __post_init__(self) -> None:
        check_length("a document's name", len(self.name.encode()), limits.DOCUMENT_NAME)
        check_length("a document's title", slack_length(self.title), limits.DOCUMENT_TITLE)
        if len(self.title.splitlines()) > 1:
            raise LimitError(f"the title {self.title!r} of a document is to be one line")
        if not _NOT_IN_NAMES.isdisjoint(self.name) or self.name != self.name.strip(". "):
            raise LimitError(f"no system could save a file of the name {self.name!r}")
        if not self.data:
            raise LimitError(f"the document {self.name} is empty")
        if len(self.data) > limits.DOCUMENT_BYTES:
            raise LimitError(
                f"the document {self.name} has {len(self.data):,} bytes,"
                f" the bot sends {limits.DOCUMENT_BYTES:,} at most: leave its pictures out"
            )

    @cached_property
    def digest(self) -> str:
        """What its content is known by, until Slack has told the link to the file.

        An Office file is an archive, with the time of its making all over it: of that only the
        parts count, and what is said in them.
        """
        if not is_zipfile(BytesIO(self.data)):
            return sha256(self.data).hexdigest()
        found = sha256()
        with ZipFile(BytesIO(self.data)) as archive:
            for part in sorted(set(archive.namelist()) - {_TIMES}):
                found.update(part.encode() + b"\0" + sha256(archive.read(part)).digest())
        return found.hexdigest()

    @property
    def short_alt(self) -> str:
        """Nothing: only pictures need words for who cannot see them."""
        return ""

    def words(self, link: str | None) -> str:
        """Its line in the text of a message: the link to it, or that it is missing."""
        title = escape(self.title)
        return f"File missing: {title}" if link is None else f"<{link}|{title}>"

    def block(self, link: str | None) -> Block:
        """Its line in a message: the link to it, or that it is missing and what to do."""
        if link is not None:
            # Not verbatim, as section() has it: Slack is to read the link as one to a file.
            shown = f":page_facing_up: {self.words(link)}"
            return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}
        return section(
            Mrkdwn(
                f":warning: *{self.words(None)}*\nSlack did not take it; the PMO has been told why."
                " Ask for it again once that is mended."
            )
        )
