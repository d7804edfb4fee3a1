"""Documents of a message: files that its readers open and keep, such as a filled Word template."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from message_templates.kit import limits
from message_templates.kit.limits import LimitError, check_length


@dataclass(frozen=True)
class Document:
    """A file that a message brings along.

    Making the same thing twice must give the same bytes: by them the ledger knows that Slack has
    the file already.
    """

    name: str
    """Of the file, with its ending: `ATLAS charter.docx`."""
    data: bytes
    title: str
    """What it is called in Slack."""

    def __post_init__(self) -> None:
        check_length("a document's name", len(self.name.encode()), limits.FILE_NAME)
        check_length("a document's title", len(self.title), limits.FILE_TITLE)
        if not set(self.name).isdisjoint('/\\<>:"|?*\0\r\n') or self.name != self.name.strip(". "):
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
        """What its bytes are known by, until Slack has given it an id."""
        return sha256(self.data).hexdigest()
