"""A person who answers requests as one does in Slack: finds the button, fills in the form."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from demo.control import ControlClient, Json

FIELD_CHARACTERS = 3_000
"""What one field of a Slack form takes."""

LOOK_AGAIN_SECONDS = 0.02
"""Between two looks at whether the bot has changed the form."""

LONG_FIELDS = frozenset({"why", "done", "next", "risks", "path_to_green", "decision"})

KNOWS_BETTER = "The plan allows for it already."
"""Why somebody says more than the facts do, who has no reason of their own."""

CALLING = ("yellow", "amber", "red")
CALLED_FOR = ("why", "path_to_green")
"""Colours that call for answers, and the answers: the form has a field for them then."""


class Person:
    """Acts in the sandbox as one of its users."""

    def __init__(self, control: ControlClient, slack_id: str) -> None:
        self._control = control
        self.slack_id = slack_id

    async def report(self, code: str, answers: Mapping[str, str | None]) -> Json:
        """Open the form of a project from the newest request that names it, fill it in, send it.

        Args:
            code: the project's code.
            answers: what to put into which field; a field that is not named keeps what it has.

        Returns:
            What the sandbox says became of it; `errors` by field if the app refused.

        Raises:
            RefusedError: Slack's own client would refuse it.
            LookupError: no request names the project, or no form opens.
        """
        result = await self.send(await self.open_form(code), answers)
        if not result["errors"]:
            await self.close_views()
        return result

    async def open_form(self, code: str) -> Json:
        """Press the button of a project in the newest request that names it; gives the form.

        Raises:
            LookupError: no request names the project, or no form opens.
        """
        message, button = await self._button(code)
        await self._control.act(
            "press",
            self.slack_id,
            channel=message["channel"],
            ts=message["ts"],
            action_id=button["action_id"],
            block_id=button["block_id"],
        )
        return await self._form()

    async def press(self, code: str, button: str) -> None:
        """Press another button of a project in the newest request that names it.

        Raises:
            LookupError: no request names the project, or it has no such button.
        """
        message, row = await self._row(code)
        found = [each for each in row["elements"] if each.get("text", {}).get("text") == button]
        if not found:
            msg = f"the request has no button {button} for {code}"
            raise LookupError(msg)
        await self._control.act(
            "press",
            self.slack_id,
            channel=message["channel"],
            ts=message["ts"],
            action_id=found[0]["action_id"],
            block_id=row["block_id"],
        )

    async def send(self, view: Json, answers: Mapping[str, str | None]) -> Json:
        """Fill in an open form and send it; long texts get more fields, as a person would ask."""
        values: dict[str, str | None] = {}
        if health := answers.get("health"):
            view = await self._choose_health(view, health)
        for name, text in answers.items():
            if not _fields_of(view, name):
                continue  # this form does not ask for it
            pieces = list(_pieces(text or "")) if name in LONG_FIELDS else [text]
            for _ in range(len(pieces) - _fields_of(view, name)):
                view = await self._more_room(view, name)
            shown = max(len(pieces), _fields_of(view, name))
            pieces += [None] * (shown - len(pieces))
            for number, piece in enumerate(pieces, start=1):
                values[name if number == 1 else f"{name}~{number}"] = piece
        result = await self._submit(view, values)
        if not result["errors"] and (asked := await self._reason_wanted()):
            reason = answers.get("claim_reason") or KNOWS_BETTER
            return await self._submit(asked, {"claim_reason": reason})
        return result

    async def _submit(self, view: Json, values: Mapping[str, str | None]) -> Json:
        return await self._control.act(
            "submit_view", self.slack_id, view_id=view["id"], values=values
        )

    async def _reason_wanted(self) -> Json | None:
        """The form, if it has come back: it asks why the health is better than the facts."""
        views = await self._open_views()
        return next((each for each in views[-1:] if _fields_of(each, "claim_reason")), None)

    async def messages(self) -> list[Json]:
        """The direct messages with the app, oldest first."""
        answer = await self._control.get(f"/dm/{self.slack_id}")
        return [{**each, "channel": answer["channel"]} for each in answer["messages"]]

    async def close_views(self) -> None:
        """Close what is open, such as the receipt of a form; the one on top first."""
        for view in reversed(await self._open_views()):
            await self._control.act("close_view", self.slack_id, view_id=view["id"])

    async def _button(self, code: str) -> tuple[Json, Json]:
        message, row = await self._row(code)
        return message, {**row["elements"][0], "block_id": row["block_id"]}

    async def _row(self, code: str) -> tuple[Json, Json]:
        """The row of buttons of a project, and the message that it stands in."""
        for message in reversed(await self.messages()):
            for block, row in pairwise(message.get("blocks") or []):
                text = (block.get("text") or {}).get("text", "")
                if row["type"] == "actions" and text.startswith(f"*{code}*"):
                    return message, row
        msg = f"no request message to {self.slack_id} names {code}"
        raise LookupError(msg)

    async def _form(self) -> Json:
        await self._control.get(
            "/wait", **{"for": "view", "user": self.slack_id, "callback_id": "status_form"}
        )
        view: Json = (await self._open_views())[-1]
        return view

    async def _open_views(self) -> list[Json]:
        answer = await self._control.get(f"/views/{self.slack_id}")
        views: list[Json] = answer["views"]
        return views

    async def _choose_health(self, view: Json, health: str) -> Json:
        """Choose the health, and wait for the fields that it calls for."""
        wanted = [each for each in CALLED_FOR if not _fields_of(view, each)]
        if not wanted or not any(each in health.casefold() for each in CALLING):
            return view
        block = next(each for each in view["blocks"] if each.get("block_id") == "health")
        await self._control.act(
            "press_in_view",
            self.slack_id,
            view_id=view["id"],
            action_id=block["element"]["action_id"],
            block_id="health",
            value=health,
        )
        for _ in range(200):
            updated = await self._form()
            if all(_fields_of(updated, each) for each in wanted):
                return updated
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        msg = f"the form got no field for {', '.join(wanted)}"
        raise LookupError(msg)

    async def _more_room(self, view: Json, name: str) -> Json:
        menu = next(each for each in view["blocks"] if each["block_id"] == "status_more_room")
        await self._control.act(
            "press_in_view",
            self.slack_id,
            view_id=view["id"],
            action_id=menu["accessory"]["action_id"],
            block_id=menu["block_id"],
            value=name,
        )
        wanted = _fields_of(view, name) + 1
        for _ in range(200):
            updated = await self._form()
            if _fields_of(updated, name) >= wanted:
                return updated
        msg = f"the form got no further field for {name}"
        raise LookupError(msg)


def _fields_of(view: Mapping[str, Any], name: str) -> int:
    """How many fields an answer has in a form."""
    ids = [block.get("block_id", "") for block in view["blocks"]]
    return sum(1 for each in ids if each == name or each.startswith(f"{name}~"))


def _pieces(text: str) -> Iterator[str]:
    """A long text as somebody pastes it into several fields: broken between words."""
    while len(text) > FIELD_CHARACTERS:
        cut = max(text.rfind(sign, 0, FIELD_CHARACTERS) for sign in "\n ")
        cut = cut if cut > 0 else FIELD_CHARACTERS
        yield text[:cut]
        text = text[cut:].lstrip(" \n")
    yield text
