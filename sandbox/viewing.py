"""Opens, pushes, updates and closes modals and publishes App Homes, with Slack's refusals."""

import json
from typing import Any

from sandbox.blockkit import check_view
from sandbox.content import refuse
from sandbox.errors import SlackError
from sandbox.inputs import initial_values, with_ids
from sandbox.limits import TRIGGER_SECONDS, VIEW_BYTES, VIEW_STACK
from sandbox.workspace import Change, Json, StateValues, Trigger, View, Workspace


class Viewing:
    """All that can happen to views."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def open(self, trigger_id: str, payload: Any) -> View:
        """Open a modal with a trigger; what the user had open before is replaced."""
        trigger = self._trigger(trigger_id)
        checked = self._checked(payload, "modal")
        trigger.used = True
        self.forget_stack(trigger.user)
        return self._put_on_top(trigger.user, checked)

    def push(self, trigger_id: str, payload: Any) -> View:
        """Put a modal on top of the one from which the trigger came."""
        trigger = self._trigger(trigger_id)
        if self.workspace.top_view(trigger.user) is None:
            raise SlackError("not_found")
        checked = self._checked(payload, "modal")
        self._refuse_fourth(trigger.user)
        trigger.used = True
        return self._put_on_top(trigger.user, checked)

    def push_from(self, view: View, payload: Any) -> View:
        """Put a modal on top of `view` (response_action `push`)."""
        checked = self._checked(payload, "modal")
        self._refuse_fourth(view.user)
        return self._put_on_top(view.user, checked)

    def find(self, view_id: str, external_id: str) -> View:
        """Return the view with this id or external id; raises `not_found`."""
        for view in self.workspace.views.values():
            if view.id == view_id or (external_id and view.external_id == external_id):
                return view
        raise SlackError("not_found")

    def update(self, view: View, payload: Any, known_hash: str = "") -> View:
        """Replace what a view shows; typed text stays where block_id and action_id stay."""
        if known_hash and known_hash != view.hash:
            raise SlackError("hash_conflict")
        checked = self._checked(payload, view.type, itself=view.id)
        view.state = _kept(view.state, checked["blocks"])
        view.payload, view.hash = checked, self.workspace.new_hash()
        self._announce(view)
        return view

    def publish(self, user: str, payload: Any, known_hash: str = "") -> View:
        """Publish the App Home of `user`."""
        existing = self.workspace.home(user)
        if existing is not None:
            return self.update(existing, payload, known_hash)
        if known_hash:
            raise SlackError("hash_conflict")
        checked = self._checked(payload, "home")
        view = self._new_view(user, checked)
        self.workspace.homes[user] = view.id
        self._announce(view)
        return view

    def close(self, view: View) -> None:
        """Take a modal, and what lies above it, off the stack."""
        stack = self.workspace.stacks[view.user]
        position = stack.index(view.id)
        for view_id in stack[position:]:
            del self.workspace.views[view_id]
        del stack[position:]
        self._announce(view)

    def forget_stack(self, user: str) -> None:
        """Close all modals of `user`."""
        views = self.workspace.open_views(user)
        if views:
            self.close(views[0])

    def _trigger(self, trigger_id: str) -> Trigger:
        trigger = self.workspace.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if trigger.age() > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    def _refuse_fourth(self, user: str) -> None:
        if len(self.workspace.stacks.get(user, [])) >= VIEW_STACK:
            raise SlackError("push_limit_reached")

    def _checked(self, payload: Any, surface: str, itself: str = "") -> Json:
        if not isinstance(payload, dict):
            raise SlackError(
                "invalid_arguments", ["[ERROR] must be an object [json-pointer:/view]"]
            )
        if len(json.dumps(payload, ensure_ascii=False).encode()) > VIEW_BYTES:
            raise SlackError("view_too_large")
        if payload.get("type") != surface:
            raise SlackError(
                "invalid_arguments",
                [f"[ERROR] expected a view of type {surface} [json-pointer:/view/type]"],
            )
        refuse("invalid_arguments", check_view(payload))
        external_id = payload.get("external_id")
        for view in self.workspace.views.values():
            if external_id and view.external_id == external_id and view.id != itself:
                raise SlackError("duplicate_external_id")
        return payload | {"blocks": with_ids(payload["blocks"])}

    def _put_on_top(self, user: str, payload: Json) -> View:
        view = self._new_view(user, payload)
        stack = self.workspace.stacks.setdefault(user, [])
        if stack:
            view.root_view_id, view.previous_view_id = stack[0], stack[-1]
        stack.append(view.id)
        self._announce(view)
        return view

    def _new_view(self, user: str, payload: Json) -> View:
        view_id = self.workspace.new_id("V")
        view = View(
            id=view_id,
            type=payload["type"],
            user=user,
            payload=payload,
            hash=self.workspace.new_hash(),
            root_view_id=view_id,
        )
        self.workspace.views[view.id] = view
        return view

    def _announce(self, view: View) -> None:
        kind = "home" if view.type == "home" else "view"
        self.workspace.announce(Change(kind, user=view.user, view_id=view.id))


def _kept(state: StateValues, blocks: list[Json]) -> StateValues:
    kept: StateValues = {}
    for block_id, actions in initial_values(blocks).items():
        for action_id, fresh in actions.items():
            typed = state.get(block_id, {}).get(action_id)
            if typed is not None and typed["type"] == fresh["type"]:
                kept.setdefault(block_id, {})[action_id] = typed
    return kept
