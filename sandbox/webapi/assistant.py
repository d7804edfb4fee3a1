"""Methods of the agent's side of a direct message: suggested prompts, and what the app is doing."""

from typing import Any

from sandbox import limits
from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.webapi.context import Api
from sandbox.workspace import Channel, Json, Prompt


def set_suggested_prompts(api: Api, args: Args) -> Json:
    """Offer what the person can ask; without a thread, above the whole conversation."""
    if not api.config.agent_view:
        raise SlackError("not_agent_app")
    channel = _direct_message(api, args)
    if args.text("thread_ts"):
        _root(api, channel, args)
    prompts = args.parsed("prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= limits.SUGGESTED_PROMPTS:
        raise _invalid(f"must be a list of 1 to {limits.SUGGESTED_PROMPTS} items", "/prompts")
    read = tuple(_prompt(each, place) for place, each in enumerate(prompts))
    api.workspace.suggest(channel.id, read)
    return {}


def set_status(api: Api, args: Args) -> Json:
    """Say what the app is doing in a thread; an empty status ends it."""
    channel = _direct_message(api, args)
    root = _root(api, channel, args)
    if not args.has("status"):
        raise _invalid("missing required field: status", "/status")
    loading = args.parsed("loading_messages", "invalid_arguments")
    if loading is not None and not _is_loading(loading):
        raise _invalid(
            f"must be 1 to {limits.LOADING_MESSAGES} texts of up to {limits.LOADING_MESSAGE}",
            "/loading_messages",
        )
    api.workspace.set_status(channel.id, root, args.text("status"))
    return {}


def _direct_message(api: Api, args: Args) -> Channel:
    channel = api.visible_channel(args, "channel_id")
    if not channel.is_im:
        raise SlackError("channel_not_found")
    return channel


def _root(api: Api, channel: Channel, args: Args) -> str:
    """The first message of the thread; raises `invalid_thread_ts`."""
    message = api.workspace.message(channel.id, args.text("thread_ts"))
    if message is None or message.is_reply:
        raise SlackError("invalid_thread_ts")
    return message.ts


def _prompt(value: Any, place: int) -> Prompt:
    given = value if isinstance(value, dict) else {}
    title, message = given.get("title"), given.get("message")
    for name, text in (("title", title), ("message", message)):
        if not isinstance(text, str) or not 0 < len(text) <= limits.AGENT_PROMPT:
            pointer = f"/prompts/{place}/{name}"
            raise _invalid(f"must be a text of 1 to {limits.AGENT_PROMPT} characters", pointer)
    return Prompt(str(title), str(message))


def _is_loading(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= limits.LOADING_MESSAGES
        and all(isinstance(each, str) and 0 < len(each) <= limits.LOADING_MESSAGE for each in value)
    )


def _invalid(text: str, pointer: str) -> SlackError:
    return SlackError("invalid_arguments", [f"[ERROR] {text} [json-pointer:{pointer}]"])
