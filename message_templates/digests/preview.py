"""How the PMO sees a draft: what can be decided about it, the head itself, and the two forms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.digests.preview.rules import LONGEST_HOLD, LONGEST_NOTE
from domain.digests.preview.service import HELD_UNTIL, NOTE, Approval, HoldForm, NoteForm
from message_templates import kit
from message_templates.digests.cover_note import cover_note
from message_templates.digests.head import render_head
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text

APPROVE: Final = "preview_approve"
EDIT_NOTE: Final = "preview_note"
HOLD: Final = "preview_hold"
"""The three buttons; the value of each is the cycle's number."""

NOTE_CALLBACK: Final = "preview_note_written"
HOLD_CALLBACK: Final = "preview_held"

_TEMPLATE: Final = "digests/preview"
_COUNCIL: Final = 60


def render_previewed(message: DigestPreviewed) -> list[Rendered]:
    """Tell when a digest is posted and what is decided about it, with the buttons until then."""
    texts = load(_TEMPLATE)
    shown = replace(message, council=kit.shorten(message.council, _COUNCIL))
    blocks = [
        *rich_text(texts.part("previewed", message=shown)),
        *cover_note(message.note),
    ]
    if message.posted_at is None:
        blocks.append(_buttons(message.cycle_id, is_approved=message.approved_at is not None))
    return [Rendered.of(texts.part("previewed_fallback", message=shown), blocks)]


def render_draft(draft: DigestDraft) -> list[Rendered]:
    """Show the head as it would be posted; where it stands alone, say what it is."""
    (head,) = render_head(draft.head)
    if not draft.decided_in:
        return [head]
    about = load(_TEMPLATE).part("apart", channel_id=draft.decided_in)
    return [Rendered(head.text, [kit.context(about), *head.blocks])]


def render_draft_over(message: DraftOver) -> list[Rendered]:
    """Tell where the digest stands that this was the draft of."""
    text = load(_TEMPLATE).part("over", message=message)
    return [Rendered.of(text, [kit.context(text)])]


def render_waits(message: DigestWaits) -> list[Rendered]:
    """Tell that a digest waits, or what became of it."""
    texts = load(_TEMPLATE)
    text = texts.part("waits", message=replace(message, council=_short(message.council)))
    buttons = [] if message.outcome else [_buttons(message.cycle_id, is_approved=False)]
    return [Rendered.of(text, [*rich_text(text), *buttons])]


def approved(approval: Approval) -> Rendered:
    """Answer a press of *Approve*."""
    text = load(_TEMPLATE).part("approved", approval=approval)
    return Rendered.of(text, rich_text(text))


def note_view(form: NoteForm, typed: str | None = None) -> Block:
    """Build the form of the covering note; `typed` is what somebody else was faster than."""
    texts = load(_TEMPLATE)
    note = form.note.text if form.note else ""
    blocks = rich_text(texts.part("note_intro", form=form))
    if typed is not None:
        blocks += rich_text(texts.part("note_clash", form=form))
        blocks += cover_note(form.note)
    # Slack keeps what was typed in a field of the same name: another version, another name.
    field = kit.plain_text_input(
        f"{NOTE}@{form.version}",
        multiline=True,
        initial=note if typed is None else typed,
        max_length=LONGEST_NOTE,
    )
    label, hint = texts.part("note_label"), texts.part("note_hint")
    blocks.append(kit.input_block(label, field, block_id=NOTE, hint=hint, optional=True))
    return kit.modal(
        texts.part("note_title"),
        blocks,
        submit=texts.part("note_submit"),
        close=texts.part("close"),
        callback_id=NOTE_CALLBACK,
        private_metadata=f"{form.cycle_id}:{form.version}",
    )


def read_note(view: Mapping[str, Any]) -> tuple[tuple[int, int], str]:
    """Read the submitted note: the cycle and the version that was shown, and the text."""
    cycle_id, _, version = view["private_metadata"].partition(":")
    (field,) = view["state"]["values"][NOTE].values()
    return (int(cycle_id), int(version)), field.get("value") or ""


def hold_view(form: HoldForm) -> Block:
    """Build the form that asks up to when a digest is held."""
    texts = load(_TEMPLATE)
    picker = kit.datetimepicker(HELD_UNTIL, initial=form.suggested)
    shown = replace(form, council=_short(form.council))
    return kit.modal(
        texts.part("hold_title"),
        [
            *rich_text(texts.part("hold_intro", form=shown, days=LONGEST_HOLD.days)),
            kit.input_block(texts.part("hold_label"), picker, block_id=HELD_UNTIL),
        ],
        submit=texts.part("hold_submit"),
        close=texts.part("close"),
        callback_id=HOLD_CALLBACK,
        private_metadata=str(form.cycle_id),
    )


def read_hold(view: Mapping[str, Any]) -> tuple[int, datetime]:
    """Read the submitted hold: the cycle, and up to when."""
    chosen = view["state"]["values"][HELD_UNTIL][HELD_UNTIL]["selected_date_time"]
    return int(view["private_metadata"]), datetime.fromtimestamp(int(chosen), UTC)


def _buttons(cycle_id: int, *, is_approved: bool) -> Block:
    texts, value = load(_TEMPLATE), str(cycle_id)
    approve = kit.button(texts.part("approve"), APPROVE, value=value, style="primary")
    others = [
        kit.button(texts.part("edit_note"), EDIT_NOTE, value=value),
        kit.button(texts.part("hold"), HOLD, value=value),
    ]
    return kit.actions(*([] if is_approved else [approve]), *others)


def _short(council: str) -> str:
    return kit.shorten(council, _COUNCIL)
