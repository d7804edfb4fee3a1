"""The log: one line for each event, with the id of the click or tick behind it, and no secret.

Everything goes through the standard library's `logging`, libraries' own records too. A line costs
nothing where its level is off: it is made by the handler.
"""

import logging
import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import IO

import structlog
from structlog.contextvars import bind_contextvars, get_contextvars, merge_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "(hidden)"

SHORTEST_SECRET = 8
"""Hiding a shorter one wherever it stands would make the log unreadable."""

_SECRETS = re.compile(
    r"\b(?:xox[a-z]|xapp|xwfp)-[\w.-]+"  # Slack's tokens
    r"|(?<=://)[^\s/@:]*:[^\s\"']*(?=@)"  # user and password in an address
    r"|(?<=hooks\.slack\.com/)[\w/-]+"  # a response_url lets anyone answer in our name
    r"|(?<=[?&]ticket=)[^\s&\"']+"  # of a Socket Mode address
)


class LogStyle(StrEnum):
    """How a line looks."""

    JSON = "json"
    """One object a line, for a collector; the default where no terminal reads it."""
    TEXT = "text"
    """For people."""


class LogLevel(StrEnum):
    """How much the bot tells."""

    DEBUG = "debug"
    """Also what the libraries tell; Slack's requests and answers are in it."""
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def bind(**values: str) -> None:
    """Let these stand in every line of this task, and of the tasks that it starts."""
    bind_contextvars(**values)


def current_trace() -> str:
    """The id of the click or tick that is being worked on; empty outside of one."""
    return str(get_contextvars().get("trace", ""))


def configure(
    style: LogStyle | None = None, level: LogLevel = LogLevel.INFO, secrets: Iterable[str] = ()
) -> None:
    """Send the whole process's log to standard error.

    Args:
        style: how lines look; None goes by whether a terminal reads them.
        level: of the bot's own log; libraries tell warnings only, unless it is DEBUG.
        secrets: what must never be in a line, beside what looks like a secret.
    """
    chosen = style or (LogStyle.TEXT if sys.stderr.isatty() else LogStyle.JSON)
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler(sys.stderr, chosen, secrets))
    root.setLevel(logging.DEBUG if level is LogLevel.DEBUG else logging.WARNING)
    for ours in ("bot", "domain", "handlers", "jobs", "models"):
        logging.getLogger(ours).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def handler(
    stream: IO[str], style: LogStyle, secrets: Iterable[str] = ()
) -> logging.StreamHandler[IO[str]]:
    """A handler that writes one line for each record."""
    made = logging.StreamHandler(stream)
    made.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[ExtraAdder(), merge_contextvars, add_log_level, add_logger_name],
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                ProcessorFormatter.remove_processors_meta,
                *_looks(style, is_terminal=stream.isatty()),
                _Redaction(secrets),
            ],
        )
    )
    return made


def _looks(style: LogStyle, *, is_terminal: bool) -> list[Processor]:
    if style is LogStyle.TEXT:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]


class _Redaction:
    """The last step: hides secrets in the finished line, wherever in it they are."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = [re.escape(each) for each in secrets if len(each) >= SHORTEST_SECRET]
        self._secrets = re.compile("|".join([*known, _SECRETS.pattern]))

    def __call__(self, _logger: WrappedLogger, _name: str, line: EventDict | str) -> str:
        return self._secrets.sub(HIDDEN, str(line))
