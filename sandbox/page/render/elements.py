"""Interactive elements (buttons, selects, pickers, inputs) as accessible HTML controls.

A control carries its coordinates as data attributes: `data-block` and `data-action` say what it
is, `data-press` on which browser event the app is told, `data-input` that a view's submission
includes it. The page's script knows nothing else about Block Kit.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from sandbox.page.render.context import Json, RenderContext
from sandbox.page.render.html import AttributeValue, is_safe_url, tag
from sandbox.page.render.rich_text import plain_rich_text
from sandbox.page.render.texts import plain, render_text
from sandbox.page.render.unknown import unknown


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an element stands: in which block, and whether it is an input's element."""

    block_id: str
    context: RenderContext
    label: str = ""
    """The accessible name, where no visible label is tied to the control."""
    in_input: bool = False
    dispatches: bool = True
    required: bool = False

    def element_id(self, element: Json) -> str:
        """Return an id for the control that is unique on the page."""
        return f"{self.context.scope}-{self.block_id}-{element.get('action_id', '')}"

    def attributes(self, element: Json, event: str = "change") -> dict[str, AttributeValue]:
        """Return the coordinates and the accessible description of a control."""
        described = f"{self.context.scope}-{self.block_id}"
        return {
            "id": self.element_id(element),
            "data_block": self.block_id,
            "data_action": str(element.get("action_id", "")),
            "data_press": event if self.dispatches else None,
            "data_input": self.in_input,
            "data_confirm": _confirm(element.get("confirm"), self.context),
            "aria_label": element.get("accessibility_label") or self.label or None,
            "aria_describedby": f"{described}-hint {described}-error" if self.in_input else None,
            "aria_required": "true" if self.required else None,
        }

    def held(self, element: Json, suffix: str) -> Any:
        """Return what the element holds: the typed state first, else its initial value."""
        state = self.context.state.get(self.block_id, {}).get(str(element.get("action_id")))
        if state is not None and state.get("type") == element.get("type"):
            key = "value" if suffix == "value" else f"selected_{suffix}"
            return state.get("rich_text_value", state.get(key))
        return element.get(f"initial_{suffix}")


def render_element(element: Json, slot: Slot) -> Markup:
    """Render one element; an unknown one is shown as such."""
    kind = str(element.get("type", ""))
    render = _RENDERERS.get(kind)
    return render(element, slot) if render else unknown("element", element)


# -- buttons --------------------------------------------------------------------------------------


def _button(element: Json, slot: Slot) -> Markup:
    style = element.get("style")
    attributes = slot.attributes(element, "click")
    classes = f"button {style}" if style in {"primary", "danger"} else "button"
    text = plain(element.get("text"))
    url = str(element.get("url", ""))
    if is_safe_url(url):
        return _link(text, url, class_=classes, **attributes)
    return tag("button", text, type="button", class_=classes, **attributes)


def _link(text: str, url: str, **attributes: AttributeValue) -> Markup:
    return tag("a", text, href=url, target="_blank", rel="noopener noreferrer", **attributes)


def _overflow(element: Json, slot: Slot) -> Markup:
    attributes = slot.attributes(element, "click") | {"id": None, "aria_label": None}
    items: list[Markup] = []
    for option in element.get("options", []):
        own = attributes | {"data_value": str(option.get("value", ""))}
        text, url = plain(option.get("text")), str(option.get("url", ""))
        is_link = is_safe_url(url)
        item = _link(text, url, **own) if is_link else tag("button", text, type="button", **own)
        items.append(item)
    return tag(
        "details",
        tag("summary", "⋯", class_="button", aria_label=slot.label or "More actions"),
        tag("div", *items, class_="menu"),
        class_="overflow",
    )


def _confirm(confirm: Json | None, context: RenderContext) -> str | None:
    """Pack a confirm dialog for the page's script; its text is rendered here, safely."""
    if not confirm:
        return None
    return json.dumps(
        {
            "title": plain(confirm.get("title")),
            "html": render_text(confirm.get("text") or {}, context),
            "confirm": plain(confirm.get("confirm")),
            "deny": plain(confirm.get("deny")),
            "style": confirm.get("style", "primary"),
        }
    )


# -- choosing -------------------------------------------------------------------------------------


def _select(element: Json, slot: Slot) -> Markup:
    held = slot.held(element, "option") or {}
    chosen = {str(held.get("value"))} if held else set()
    groups = element.get("option_groups")
    options = (
        [
            tag("optgroup", *_options(group["options"], chosen), label=plain(group.get("label")))
            for group in groups
        ]
        if groups
        else list(_options(element.get("options", []), chosen))
    )
    return _drop_down(element, slot, options, is_empty=not chosen)


def _options(options: Iterable[Json], chosen: set[str]) -> Iterator[Markup]:
    for option in options:
        value, text = str(option.get("value", "")), plain(option.get("text"))
        if description := plain(option.get("description")):
            text = f"{text} ({description})"
        yield tag("option", text, value=value, selected=value in chosen)


def _drop_down(element: Json, slot: Slot, options: Iterable[Markup], *, is_empty: bool) -> Markup:
    placeholder = plain(element.get("placeholder")) or "Select an item"
    first = tag("option", placeholder, value="", selected=is_empty)
    return tag("select", first, *options, **slot.attributes(element))


def _directory_select(
    suffix: str, directory: Callable[[RenderContext], Json], prefix: str
) -> Callable[[Json, Slot], Markup]:
    """Make a select over the people or channels that the viewer knows."""

    def render(element: Json, slot: Slot) -> Markup:
        held = slot.held(element, suffix)
        options = [
            tag("option", prefix, name, value=key, selected=key == held)
            for key, name in _by_name(directory(slot.context))
        ]
        return _drop_down(element, slot, options, is_empty=not held)

    return render


def _by_name(directory: Json) -> list[tuple[str, str]]:
    return sorted(directory.items(), key=lambda item: str(item[1]).casefold())


def _ticks(element: Json, slot: Slot) -> Markup:
    """Render checkboxes and multi selects: a list of boxes to tick."""
    held = slot.held(element, "options") or []
    chosen = {str(option.get("value")) for option in held}
    options = [
        *element.get("options", []),
        *(option for group in element.get("option_groups", []) for option in group["options"]),
    ]
    return _choices(element, slot, "checkbox", options, chosen)


def _directory_ticks(
    suffix: str, directory: Callable[[RenderContext], Json]
) -> Callable[[Json, Slot], Markup]:
    def render(element: Json, slot: Slot) -> Markup:
        chosen = set(slot.held(element, suffix) or [])
        options = [
            {"value": key, "text": {"type": "plain_text", "text": name}}
            for key, name in _by_name(directory(slot.context))
        ]
        return _choices(element, slot, "checkbox", options, chosen)

    return render


def _radios(element: Json, slot: Slot) -> Markup:
    held = slot.held(element, "option") or {}
    chosen = {str(held.get("value"))} if held else set()
    return _choices(element, slot, "radio", element.get("options", []), chosen)


def _choices(
    element: Json, slot: Slot, kind: str, options: Iterable[Json], chosen: set[str]
) -> Markup:
    name = slot.element_id(element)
    items = (_choice(option, slot, kind, name, chosen) for option in options)
    is_long = str(element.get("type", "")).startswith("multi_")
    return tag(
        "div",
        *items,
        role="radiogroup" if kind == "radio" else "group",
        class_="choices scrolling" if is_long else "choices",
        data_choices=kind,
        tabindex="-1",
        **slot.attributes(element) | _labelled_by(slot),
    )


def _choice(option: Json, slot: Slot, kind: str, name: str, chosen: set[str]) -> Markup:
    value = str(option.get("value", ""))
    description = option.get("description")
    return tag(
        "label",
        tag("input", type=kind, name=name, value=value, checked=value in chosen),
        tag(
            "span",
            render_text(option.get("text") or {}, slot.context),
            tag("small", render_text(description, slot.context)) if description else "",
        ),
        class_="choice",
    )


def _labelled_by(slot: Slot) -> dict[str, AttributeValue]:
    if not slot.in_input:
        return {}
    return {"aria_labelledby": f"{slot.context.scope}-{slot.block_id}-label"}


# -- dates and times ------------------------------------------------------------------------------


def _picker(kind: str, suffix: str) -> Callable[[Json, Slot], Markup]:
    def render(element: Json, slot: Slot) -> Markup:
        held = slot.held(element, suffix)
        return tag("input", type=kind, value=held or None, **slot.attributes(element))

    return render


def _date_time(element: Json, slot: Slot) -> Markup:
    held = slot.held(element, "date_time")
    local = datetime.fromtimestamp(int(held), UTC).astimezone(slot.context.zone) if held else None
    value = f"{local:%Y-%m-%dT%H:%M}" if local else None
    attributes = slot.attributes(element)
    return tag("input", type="datetime-local", value=value, data_local=True, **attributes)


# -- typing ---------------------------------------------------------------------------------------


def _line(kind: str, mode: str | None = None) -> Callable[[Json, Slot], Markup]:
    def render(element: Json, slot: Slot) -> Markup:
        if element.get("multiline"):
            return _area(element, slot)
        held = slot.held(element, "value")
        return tag(
            "input",
            type=kind,
            inputmode=mode,
            value="" if held is None else str(held),
            autocomplete="off",
            **_typing(element, slot),
        )

    return render


def _area(element: Json, slot: Slot) -> Markup:
    held = slot.held(element, "value")
    text = plain_rich_text(held) if isinstance(held, dict) else str(held or "")
    is_rich = element.get("type") == "rich_text_input"
    return tag("textarea", "\n", text, rows=4, data_rich=is_rich, **_typing(element, slot))


def _typing(element: Json, slot: Slot) -> dict[str, AttributeValue]:
    triggers = (element.get("dispatch_action_config") or {}).get("trigger_actions_on") or []
    event = "input" if "on_character_entered" in triggers else "enter"
    return slot.attributes(element, event) | {
        "placeholder": plain(element.get("placeholder")) or None,
        "autofocus": bool(element.get("focus_on_load")),
    }


def _files(element: Json, slot: Slot) -> Markup:
    kinds = element.get("filetypes") or []
    return tag(
        "input",
        type="file",
        accept=",".join(f".{kind}" for kind in kinds) or None,
        multiple=element.get("max_files", 10) != 1,
        data_files=True,
        **slot.attributes(element),
    )


def _people(context: RenderContext) -> Json:
    return context.people


def _channels(context: RenderContext) -> Json:
    return context.channels


_RENDERERS: dict[str, Callable[[Json, Slot], Markup]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
    "users_select": _directory_select("user", _people, ""),
    "conversations_select": _directory_select("conversation", _channels, "#"),
    "channels_select": _directory_select("channel", _channels, "#"),
    "multi_static_select": _ticks,
    "multi_users_select": _directory_ticks("users", _people),
    "multi_conversations_select": _directory_ticks("conversations", _channels),
    "multi_channels_select": _directory_ticks("channels", _channels),
    "checkboxes": _ticks,
    "radio_buttons": _radios,
    "datepicker": _picker("date", "date"),
    "timepicker": _picker("time", "time"),
    "datetimepicker": _date_time,
    "plain_text_input": _line("text"),
    "email_text_input": _line("email"),
    "url_text_input": _line("url"),
    "number_input": _line("text", "decimal"),
    "rich_text_input": _area,
    "file_input": _files,
}
