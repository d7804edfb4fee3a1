"""The one place that decides what a failed call to Slack means: try again, look up, or give up."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.delivery.errors import (
    Ambiguous,
    DeliveryTrouble,
    Disconnected,
    FileRefused,
    Permanent,
    PictureNotReady,
    RetryAfter,
    Transient,
)

CALL_ERRORS = (SlackClientError, aiohttp.ClientError, OSError)
"""What a call through slack_sdk raises; a time-out is an OSError since Python 3.11."""

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_RETRY_SECONDS = 30.0
"""Where Slack asks to wait without saying how long."""

_HTTP_TOO_MANY = 429
_HTTP_TOO_LARGE = 413
_HTTP_REFUSED = range(400, 500)
"""Refused before Slack could act on it; 200 without JSON, or 5xx, may have been acted on."""

_MAY_HAVE_HAPPENED = frozenset({"internal_error", "fatal_error"})
"""Slack: "it's possible some aspect of the operation succeeded before the error was raised"."""

_PASSING = {
    "accesslimited": "Slack has limited access for a while",
    "external_channel_migrating": "the channel is being moved",
    "file_not_found": "Slack does not know the file that was uploaded yet",
    "file_update_failed": "Slack failed to store the file",
    "request_timeout": "Slack did not get the whole request",
    "service_unavailable": "Slack is not available",
    "streaming_state_conflict": "the message is being written to",
    "team_added_to_org": "the workspace is being moved into an organisation",
    "update_failed": "Slack failed to update the message",
}

_NEW_TOKEN = "install the app anew, set SLACK_BOT_TOKEN to the new token and restart the bot"  # noqa: S105 - words, no token
_CUT_OFF = {
    "access_denied": ("Slack denies the bot access", "ask a workspace admin to approve the app"),
    "account_inactive": ("the app was removed or the workspace deactivated", _NEW_TOKEN),
    "invalid_auth": ("Slack does not accept the bot's token", _NEW_TOKEN),
    "not_authed": ("the bot sent no token", "set SLACK_BOT_TOKEN and restart the bot"),
    "org_login_required": ("the workspace is being moved into an organisation", "wait for it"),
    "team_access_not_granted": ("the token is not for this workspace", _NEW_TOKEN),
    "token_expired": ("the bot's token has expired", _NEW_TOKEN),
    "token_revoked": ("the bot's token was revoked", _NEW_TOKEN),
}

_OTHER_CHANNEL = "give the council another channel and run `pmobot apply`"
_POSTING_RULES = "let the bot post there (channel settings, posting permissions)"
_REPORT = "this is a fault of the bot: report it with the log"
_NO_DM = "give the person's role to somebody else, or mark them as gone"
_FILES = "let the bot upload files (workspace settings, file uploads)"
_SHARED = "let files be shared in channels with other organisations (Slack Connect settings)"
_NO_PICTURE = "look whether an admin or an app deletes files; the next change brings a new picture"
_NO_FILE = "invalid slack file"
"""Slack's words for a picture's file that it does not know: as a rule for the first second."""

_FILE_BARRED = {
    "attachment_payload_limit_exceeded": ("the message and its files are too large", _REPORT),
    "blocked_file_type": ("the workspace does not take files of that type", _FILES),
    "missing_file_data": ("Slack cannot share the file", _REPORT),
    "slack_connect_blocked_file_type": ("files of that type are not shared there", _SHARED),
    "slack_connect_file_link_sharing_blocked": ("files are not shared there", _SHARED),
    "slack_connect_file_upload_sharing_blocked": ("files are not shared there", _SHARED),
    "unable_to_share_files": ("Slack cannot share the file", _REPORT),
}
"""Why a post or an edit is refused that contains the link to a file."""

_CLOSED = {
    **_FILE_BARRED,
    "alt_txt_too_large": ("the picture's alternative text is too long", _REPORT),
    "block_mismatch": ("the message cannot change its kind of text", _REPORT),
    "cant_update_message": ("the message is not the bot's own", "post it anew by hand"),
    "cannot_dm_bot": ("the person is a bot", _NO_DM),
    "cannot_reply_to_message": ("nobody can reply to that message", _OTHER_CHANNEL),
    "channel_not_found": (
        "the channel does not exist or the bot cannot see it",
        "if it is private, invite the bot: /invite @pmobot; else " + _OTHER_CHANNEL,
    ),
    "edit_window_closed": (
        "the workspace does not let messages of that age be edited",
        "let messages be edited at any time (workspace settings, message editing)",
    ),
    "ekm_access_denied": ("an admin has locked the channel's messages", "ask a workspace admin"),
    "file_type_not_allowed": ("the workspace does not take files of that type", _FILES),
    "file_upload_size_restricted": ("the workspace does not take files of that size", _FILES),
    "file_uploads_disabled": ("the workspace takes no files", _FILES),
    "file_uploads_except_images_disabled": ("the workspace takes pictures only", _FILES),
    "invalid_user_combination": ("the person shares no channel with the bot", _NO_DM),
    "is_archived": ("the channel is archived", "unarchive it, or " + _OTHER_CHANNEL),
    "is_inactive": ("the channel is archived or frozen", "unarchive it, or " + _OTHER_CHANNEL),
    "message_limit_exceeded": ("the workspace's plan takes no more messages", "see its usage"),
    "message_not_found": ("the message was deleted in Slack", "nothing, if that was meant"),
    "messages_tab_disabled": (
        "the app takes no direct messages",
        "turn on the messages tab (app settings, App Home)",
    ),
    "not_in_channel": ("the bot is not in the channel", "invite the bot: /invite @pmobot"),
    "restricted_action": ("the workspace does not let the bot post there", _POSTING_RULES),
    "restricted_action_non_threadable_channel": ("the channel takes no replies", _POSTING_RULES),
    "restricted_action_read_only_channel": ("the channel is read-only", _POSTING_RULES),
    "restricted_action_thread_locked": ("the thread is locked", "unlock the thread"),
    "restricted_action_thread_only_channel": ("the channel takes only replies", _POSTING_RULES),
    "storage_limit_reached": (
        "the workspace's plan has no room for more files",
        "delete old files, or see the workspace's plan",
    ),
    "thread_not_found": ("the message to reply to was deleted in Slack", "post it anew by hand"),
    "user_disabled": ("the person's account is deactivated", _NO_DM),
    "user_not_found": ("Slack knows nobody of that id", _NO_DM),
    "user_not_visible": ("the bot may not see that person", _NO_DM),
}


_EVERYWHERE = frozenset(
    {
        "alt_txt_too_large",
        "edit_window_closed",
        "file_type_not_allowed",
        "file_upload_size_restricted",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "message_limit_exceeded",
        "messages_tab_disabled",
        "storage_limit_reached",
    }
)
"""Settings of the workspace or of the app: the place is not the cause."""


def channel_refusal(
    *, is_found: bool, is_archived: bool, is_member: bool
) -> DeliveryTrouble | None:
    """What Slack would say to a post in a channel of which so much is known; None if it took it."""
    if not is_found:
        return _by_code("channel_not_found", {})
    if is_archived:
        return _by_code("is_archived", {})
    return None if is_member else _by_code("not_in_channel", {})


def trouble_of(error: Exception) -> DeliveryTrouble:
    """Translate what a call raised into what to do about it."""
    if isinstance(error, SlackApiError):
        return _refusal(error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Transient("unreachable", "Slack cannot be reached")  # nothing was sent yet
    return Ambiguous("no_answer", f"Slack's answer was lost ({type(error).__name__})")


def refused_upload(status: int, headers: Mapping[str, str]) -> DeliveryTrouble:
    """Translate what Slack's file server answers to the bytes of a file, if it is no success.

    Its address is good for one try and a while: the next try asks for another one.
    """
    if status == _HTTP_TOO_MANY:
        return RetryAfter(_seconds(headers))
    told = f"Slack's file server answered HTTP {status}"
    if status == _HTTP_TOO_LARGE:
        return Permanent(f"http_{status}", f"{told}: the file is too large", _REPORT)
    return Transient(f"http_{status}", told)


def _refusal(error: SlackApiError) -> DeliveryTrouble:
    """Not every answer is JSON: a proxy's error page is text, and has no code of Slack's."""
    data = getattr(error.response, "data", None)
    answer: Mapping[str, Any] = data if isinstance(data, dict) else {}
    code, status = str(answer.get("error") or ""), _status(error.response)
    if status == _HTTP_TOO_MANY or code in _RATE_LIMITED:
        return RetryAfter(_retry_after(error.response))
    if code in _MAY_HAVE_HAPPENED or (not code and status not in _HTTP_REFUSED):
        return Ambiguous(code or f"http_{status}", f"Slack failed ({code or f'HTTP {status}'})")
    if not code:
        return Transient(f"http_{status}", f"something between us and Slack answered HTTP {status}")
    return _by_code(code, answer)


def _by_code(code: str, answer: Mapping[str, Any]) -> DeliveryTrouble:
    if code in _PASSING:
        return Transient(code, f"{_PASSING[code]} ({code})")
    if code in _CUT_OFF:
        reason, cure = _CUT_OFF[code]
        return Disconnected(code, f"{reason} ({code})", cure)
    if code in _CLOSED:
        reason, cure = _CLOSED[code]
        kind = FileRefused if code in _FILE_BARRED else Permanent
        return kind(code, f"{reason} ({code})", cure, is_local=code not in _EVERYWHERE)
    if code == "missing_scope":
        return Permanent(
            code,
            f"the app lacks the scope {answer.get('needed', 'that Slack asks for')} ({code})",
            "add it to the app (slack_manifest.json has them all) and install the app anew",
            is_local=False,
        )
    told = f"({code}{_pointers(answer)})"
    if code == "invalid_blocks" and _NO_FILE in told:
        return PictureNotReady(code, f"Slack does not know the picture's file {told}", _NO_PICTURE)
    return Permanent(code, f"Slack does not take it {told}", _REPORT)


def _pointers(answer: Mapping[str, Any]) -> str:
    """Where in the blocks the fault is, as Slack tells it: `[ERROR] ... [json-pointer:...]`."""
    told = answer.get("response_metadata") or {}
    return "".join(f"; {message}" for message in told.get("messages", ()))


def _status(response: Any) -> int:
    """An unreadable body leaves aiohttp's response in the error, in place of slack_sdk's."""
    return int(getattr(response, "status_code", getattr(response, "status", 0)))


def _retry_after(response: Any) -> float:
    return _seconds(dict(response.headers))


def _seconds(headers: Mapping[str, str]) -> float:
    named = {name.lower(): value for name, value in headers.items()}
    try:
        return float(named.get("retry-after", _RETRY_SECONDS))
    except ValueError:
        return _RETRY_SECONDS
