"""Reads a file that somebody names, within limits, or says why that can't be done and the cure."""

import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from domain.errors import InvalidFileError, Problem

_SAMPLE = 200
"""Bytes that tell whether a text is in UTF-16 without a mark."""


def refusal(path: Path, text: str, where: str = "") -> InvalidFileError:
    """The error for one problem of a file."""
    return InvalidFileError(str(path), [Problem(where=where, field="", text=text)])


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a file whole, unless it has more bytes than the limit.

    Raises:
        InvalidFileError: it is missing, too big, unreadable or no ordinary file.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise refusal(path, "is a directory; name the file itself")
        if not stat.S_ISREG(found.st_mode):
            raise refusal(path, "is no ordinary file; save it as one first")
        if found.st_size > limit:
            size, most = found.st_size / 1e6, limit / 1e6
            raise refusal(path, f"has {size:,.0f} MB; at most {most:.0f} MB are read; split it")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refusal(path, "there is no such file; check the path") from error
    except OSError as error:
        cause = error.strerror or "unknown cause"
        raise refusal(path, f"can't be read ({cause}); check the file's permissions") from error


def decode(path: Path, data: bytes, save_as_utf8: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark.

    Args:
        path: the file, for the error.
        data: its bytes.
        save_as_utf8: how to save such a file in UTF-8.

    Raises:
        InvalidFileError: it is in another encoding, or no text at all.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or _is_half_nul(data[:_SAMPLE]):
        raise refusal(path, f"is in UTF-16 ('Unicode Text'); {save_as_utf8}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start : error.start + 1]
        likely = byte.decode("cp1252", errors="replace")
        raise refusal(
            path,
            f"is not in UTF-8: it has the byte 0x{byte.hex().upper()}, which is '{likely}' in "
            f"Windows-1252; {save_as_utf8}",
            f"line {data[: error.start].count(10) + 1}",
        ) from error
    if (at := text.find("\0")) >= 0:
        line = text[:at].count("\n") + 1
        raise refusal(path, f"holds a NUL byte, so it is no text; {save_as_utf8}", f"line {line}")
    return text


def _is_half_nul(sample: bytes) -> bool:
    """Whether every second byte is NUL, as in plain letters of UTF-16."""
    return max(sample[::2].count(0), sample[1::2].count(0)) > len(sample) / 4
