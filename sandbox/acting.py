"""Acting as a person of the workspace: what a Slack client does, for the page, tests and control.

Every method raises `ClientRefusal` for what a Slack client would not let a person do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sandbox.args import Args
from sandbox.calls import CallLog
from sandbox.delivery import Ack, Delivery
from sandbox.errors import SlackError
from sandbox.escaping import escape, rich_text, typed_text
from sandbox.inputs import (
    STATE_FIELD,
    InputError,
    client_errors,
    find_element,
    option,
    shape,
    state_of,
    stateful,
    typed_state,
)
from sandbox.payloads import (
    action_json,
    action_ts,
    command_payload,
    message_action_payload,
    shortcut_payload,
    view_action_payload,
    view_closed_payload,
    view_submission_payload,
)
from sandbox.posting import Posting
from sandbox.responding import Responding
from sandbox.shapes import file_json, user_json, view_json
from sandbox.viewing import Viewing
from sandbox.workspace import Channel, File, Json, Message, ResponseUrl, User, View, Workspace


class ClientRefusal(Exception):  # noqa: N818 - it is a refusal, not a failure of the program
    """What the Slack client itself refuses, before anything is sent to the app."""

    def __init__(self, reason: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.errors = errors or {}
        """Messages for input blocks, by block_id."""


@dataclass(frozen=True)
class ActionResult:
    """What came of an act: whether the app acknowledged it, and what the person sees."""

    ok: bool
    """The app acknowledged (or nothing had to be acknowledged)."""
    problem: str = ""
    """Slack's word for what went wrong: operation_timeout, dispatch_failed, ..."""
    detail: str = ""
    """The same in plain words, with the likely cause."""
    ack_ms: float | None = None
    """Milliseconds until the acknowledgement; None where nothing is acknowledged."""
    errors: dict[str, str] | None = None
    """The app's field errors by block_id (response_action `errors`), or None."""
    view_id: str | None = None
    """The modal that opened meanwhile, if any (an app may also open it a little later)."""
    channel: str | None = None
    ts: str | None = None
    """The message that was posted, if any."""


class Acting:
    """Acts as any person of the workspace."""

    def __init__(self, workspace: Workspace, delivery: Delivery, calls: CallLog) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self.calls = calls
        self.posting = Posting(workspace, delivery)
        self.viewing = Viewing(workspace)
        self.responding = Responding(workspace, self.posting, calls)

    # -- conversations ----------------------------------------------------------------------------

    async def post(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> ActionResult:
        """Write a message; `@name` and `#channel` become mentions, as in a Slack client."""
        place = self._place(user, channel)
        if not text.strip():
            raise ClientRefusal("There is nothing to send.")
        if thread_ts is not None:
            thread_ts = self._thread_root(place, thread_ts)
        stored = typed_text(self.workspace, text)
        message = self.posting.by_person(place, user, stored, rich_text(stored), thread_ts)
        return ActionResult(ok=True, channel=place.id, ts=message.ts)

    async def open_dm(self, user: str) -> ActionResult:
        """Open the direct message with the app (its Messages tab)."""
        self._person(user)
        if not self.delivery.config.messages_tab:
            raise ClientRefusal("The app has no Messages tab (messages_tab_enabled is off).")
        channel = self.workspace.dm(user)
        self._home_event(user, "messages")
        return ActionResult(ok=True, channel=channel.id)

    async def join(self, user: str, channel: str) -> ActionResult:
        """Join a public channel."""
        person, place = self._person(user), self._channel(channel)
        if place.is_private or person.is_restricted:
            raise ClientRefusal(f"{person.name} cannot join #{place.name} without an invitation.")
        if user not in place.members:
            self.posting.join(place, user)
        return ActionResult(ok=True, channel=place.id)

    async def leave(self, user: str, channel: str) -> ActionResult:
        """Leave a channel."""
        place = self._place(user, channel)
        self.posting.leave(place, user)
        return ActionResult(ok=True, channel=place.id)

    async def invite(self, user: str, channel: str, invited: str) -> ActionResult:
        """Add `invited` (a person or the app) to a channel that `user` is in."""
        place = self._place(user, channel)
        if invited not in self.workspace.users:
            raise ClientRefusal(f"There is nobody with the id {invited}.")
        if invited not in place.members:
            self.posting.join(place, invited, inviter=user)
        return ActionResult(ok=True, channel=place.id)

    def user_changed(self, user: User) -> None:
        """Tell everybody that a person changed: the zone, the name, being a guest or gone."""
        self.workspace.announce_user(user)
        shape = user_json(
            self.workspace, user, with_email="users:read.email" in self.delivery.config.scopes
        )
        event = {"type": "user_change", "user": shape, "event_ts": action_ts(self.workspace)}
        self.delivery.event("user_change", event)

    # -- commands and presses ---------------------------------------------------------------------

    async def command(self, user: str, channel: str, command: str, text: str = "") -> ActionResult:
        """Type a slash command in a conversation."""
        place = self._place(user, channel)
        config = self.delivery.config
        if not config.has_command(command):
            raise ClientRefusal(f"{command} is not a valid command.")
        sent = (
            typed_text(self.workspace, text) if command in config.escaped_commands else escape(text)
        )
        right = self.workspace.new_response_url(user, place.id)
        payload = command_payload(self.workspace, user, place, command, sent) | {
            "response_url": self.responding.url(right, "commands"),
            "trigger_id": self.workspace.new_trigger(user).id,
        }
        with self._watching(user) as seen:
            ack = await self.delivery.command(payload)
            result = _result(ack)
            if ack.ok and ack.body:
                answer = ack.body if isinstance(ack.body, dict) else {"text": ack.body}
                result = self._taking("slash_command", result, lambda: self._say(right, answer))
        return replace(result, view_id=seen.view_id)

    async def shortcut(self, user: str, callback_id: str) -> ActionResult:
        """Use one of the app's global shortcuts."""
        self._person(user)
        if not self.delivery.config.has_shortcut(callback_id):
            raise ClientRefusal(f"The app has no shortcut {callback_id}.")
        payload = shortcut_payload(self.workspace, user, callback_id)
        return await self._interact(user, payload)

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
    ) -> ActionResult:
        """Press a button of a message, or choose `value` in a select, date picker, ..."""
        place = self._place(user, channel)
        message = self._message(place, ts, user)
        found = find_element(message.blocks, action_id, block_id)
        if found is None:
            raise ClientRefusal(f"The message has no element with action_id {action_id}.")
        action = self._action(*found, value)
        right = self.workspace.new_response_url(user, place.id, ts=ts)
        payload = message_action_payload(self.workspace, user, message, action) | {
            "response_url": self.responding.url(right, "actions")
        }
        return await self._interact(user, payload)

    # -- views ------------------------------------------------------------------------------------

    async def open_home(self, user: str) -> ActionResult:
        """Open the app's Home tab."""
        self._person(user)
        if not self.delivery.config.home_tab:
            raise ClientRefusal("The app has no Home tab (home_tab_enabled is off).")
        self._home_event(user, "home")
        return ActionResult(ok=True, channel=self.workspace.dm(user).id)

    async def press_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
        state: dict[str, Any] | None = None,
    ) -> ActionResult:
        """Press or choose in a modal or App Home; `state` is what is typed so far, by block_id."""
        view = self._view(user, view_id)
        self._type(view, state or {})
        found = find_element(view.blocks, action_id, block_id)
        if found is None:
            raise ClientRefusal(f"The view has no element with action_id {action_id}.")
        block, element = found
        if value is None and element["type"] in STATE_FIELD:
            held = state_of(view)[block["block_id"]][element["action_id"]]
            action = action_json(self.workspace, block, element, held)
        else:
            action = self._action(block, element, value)
            self._remember(view, block, element, action)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return ActionResult(ok=True)  # an ordinary input tells nothing before the submission
        payload = view_action_payload(self.workspace, view, action)
        return await self._interact(user, payload, view)

    async def submit_view(
        self, user: str, view_id: str, values: dict[str, Any] | None = None
    ) -> ActionResult:
        """Submit a modal; `values` by block_id: text, option value, date, list or None."""
        view = self._view(user, view_id)
        if view.type != "modal" or not view.payload.get("submit"):
            raise ClientRefusal("The view has no submit button.")
        self._type(view, values or {})
        if errors := client_errors(view):
            raise ClientRefusal("Some fields need attention.", errors)
        payload = view_submission_payload(self.workspace, view) | {
            "trigger_id": self.workspace.new_trigger(user, view.id).id,
            "response_urls": self._response_urls(view),
        }
        with self._watching(user) as seen:
            ack = await self.delivery.interaction(payload, accepts_response=True)
            result = _result(ack)
            if ack.ok:
                result = self._taking(
                    "view_submission", result, lambda: self._after_submit(view, ack.body)
                )
        return replace(result, view_id=seen.view_id)

    async def close_view(self, user: str, view_id: str, *, clear: bool = False) -> ActionResult:
        """Close a modal (with `clear`, the whole stack: the x in the corner)."""
        view = self._view(user, view_id)
        if view.type != "modal":
            raise ClientRefusal("App Home cannot be closed.")
        if clear or view.payload.get("clear_on_close"):
            view = self.workspace.open_views(user)[0]
            clear = True
        payload = view_closed_payload(self.workspace, view, is_cleared=clear)
        self.viewing.close(view)
        if not view.payload.get("notify_on_close"):
            return ActionResult(ok=True)
        return _result(await self.delivery.interaction(payload))

    # -- sending ----------------------------------------------------------------------------------

    async def _interact(self, user: str, payload: Json, view: View | None = None) -> ActionResult:
        if not self.delivery.config.interactivity:
            raise ClientRefusal("The app does not take interactions (interactivity is off).")
        trigger = self.workspace.new_trigger(user, view.id if view else None)
        with self._watching(user) as seen:
            ack = await self.delivery.interaction(payload | {"trigger_id": trigger.id})
        return replace(_result(ack), view_id=seen.view_id)

    def _say(self, right: ResponseUrl, answer: Json) -> ActionResult | None:
        if answer.get("text") or answer.get("blocks") or answer.get("attachments"):
            self.responding.respond(right, Args(answer))
        return None

    def _after_submit(self, view: View, body: Any) -> ActionResult | None:
        answer = body if isinstance(body, dict) else {}
        action = answer.get("response_action")
        if view.id not in self.workspace.views:
            return None  # the app has closed or replaced it meanwhile
        if action == "errors":
            return self._field_errors(view, answer.get("errors"))
        if action == "update":
            self.viewing.update(view, answer.get("view"))
        elif action == "push":
            self.viewing.push_from(view, answer.get("view"))
        elif action == "clear":
            self.viewing.forget_stack(view.user)
        elif action is None:
            self.viewing.close(view)
        else:
            raise SlackError("invalid_response_action", [f"unknown response_action {action!r}"])
        return None

    def _field_errors(self, view: View, errors: Any) -> ActionResult:
        inputs = {b["block_id"] for b in view.blocks if b.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise SlackError(
                "invalid_errors", [f"errors must be keyed by block_ids of inputs: {errors!r}"]
            )
        return ActionResult(ok=True, errors={key: str(text) for key, text in errors.items()})

    def _taking(
        self, method: str, result: ActionResult, take: Callable[[], ActionResult | None]
    ) -> ActionResult:
        """Apply what came with an acknowledgement; what Slack refuses shows as an error."""
        try:
            answer = take()
        except SlackError as error:
            self.calls.refused(method, error)
            detail = "The app's answer was refused: " + "; ".join([error.error, *error.messages])
            return replace(result, ok=False, problem=error.error, detail=detail)
        return replace(result, errors=answer.errors) if answer else result

    def _response_urls(self, view: View) -> list[Json]:
        urls = []
        held = state_of(view)
        for block, element in stateful(view.blocks):
            if not element.get("response_url_enabled"):
                continue
            value = held[block["block_id"]][element["action_id"]]
            channel = value.get(STATE_FIELD[element["type"]])
            if channel in self.workspace.channels:
                right = self.workspace.new_response_url(view.user, channel)
                urls.append(
                    {
                        "response_url": self.responding.url(right, "app"),
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                    }
                )
        return urls

    def _home_event(self, user: str, tab: str) -> None:
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.workspace.dm(user).id,
            "tab": tab,
            "event_ts": action_ts(self.workspace),
        }
        view = self.workspace.home(user)
        if tab == "home" and view is not None:
            event["view"] = view_json(self.workspace, view)
        self.delivery.event("app_home_opened", event)

    # -- what a client knows ----------------------------------------------------------------------

    def _person(self, user: str) -> User:
        person = self.workspace.users.get(user)
        if person is None:
            raise ClientRefusal(f"There is nobody with the id {user}.")
        if person.deleted or person.is_bot:
            raise ClientRefusal(f"Nobody can sign in as {person.name}.")
        return person

    def _channel(self, channel: str) -> Channel:
        place = self.workspace.channels.get(channel)
        if place is None:
            raise ClientRefusal(f"There is no conversation with the id {channel}.")
        if place.is_archived:
            raise ClientRefusal(f"#{place.name} is archived.")
        return place

    def _place(self, user: str, channel: str) -> Channel:
        person, place = self._person(user), self._channel(channel)
        if user not in place.members:
            raise ClientRefusal(f"{person.name} is not in #{place.name or place.id}.")
        return place

    def _message(self, place: Channel, ts: str, user: str) -> Message:
        message = self.workspace.message(place.id, ts)
        if message is None or message.ephemeral_to not in (None, user):
            raise ClientRefusal(f"There is no message {ts} in {place.name or place.id}.")
        return message

    def _thread_root(self, place: Channel, thread_ts: str) -> str:
        root = self.workspace.message(place.id, thread_ts)
        if root is None:
            raise ClientRefusal(f"There is no message {thread_ts} to reply to.")
        return root.thread_ts or root.ts

    def _view(self, user: str, view_id: str) -> View:
        self._person(user)
        view = self.workspace.views.get(view_id)
        if view is None or view.user != user:
            raise ClientRefusal("This view is not open any more.")
        return view

    def _action(self, block: Json, element: Json, value: Any) -> Json:
        try:
            if element["type"] == "overflow":
                held: Json | None = {"selected_option": option(element, value)}
            elif element["type"] in STATE_FIELD:
                held = shape(element, value)
            else:
                held = None
        except InputError as error:
            raise ClientRefusal(str(error)) from error
        return action_json(self.workspace, block, element, held)

    def _type(self, view: View, values: dict[str, Any]) -> None:
        try:
            typed = typed_state(view.blocks, values)
        except InputError as error:
            raise ClientRefusal(str(error)) from error
        for block_id, actions in typed.items():
            for held in actions.values():
                if held["type"] == "file_input":
                    held["files"] = [self._uploaded(view.user, each) for each in held["files"]]
            view.state.setdefault(block_id, {}).update(actions)

    def _uploaded(self, user: str, chosen: Json) -> Json:
        """Take a file that somebody has chosen in a view; the app gets it with the view's state."""
        file = File(
            id=self.workspace.new_id("F"),
            name=chosen["name"],
            content=chosen["content"],
            user=user,
            created=int(self.workspace.clock.now().timestamp()),
            uploaded=True,
            completed=True,
        )
        self.workspace.files[file.id] = file
        return file_json(self.workspace, file)

    def _remember(self, view: View, block: Json, element: Json, action: Json) -> None:
        name = STATE_FIELD.get(element["type"])
        if name is not None:
            held = {"type": element["type"], name: action.get(name)}
            view.state.setdefault(block["block_id"], {})[element["action_id"]] = held

    @contextmanager
    def _watching(self, user: str) -> Iterator["_Seen"]:
        """Note the modal that comes on top while an act is under way."""
        seen = _Seen()
        before = {view.id for view in self.workspace.open_views(user)}
        yield seen
        top = self.workspace.top_view(user)
        if top is not None and top.id not in before:
            seen.view_id = top.id


@dataclass
class _Seen:
    view_id: str | None = None


def _result(ack: Ack) -> ActionResult:
    return ActionResult(ok=ack.ok, problem=ack.problem, detail=ack.detail, ack_ms=ack.ms)
